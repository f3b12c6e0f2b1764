import type { AgentSetting } from '../config.ts'
import type { Agent } from './agent.ts'

export type RecipeSetting = Extract<AgentSetting, { use: 'recipe' }>

const SHOWN = 2_000

/** Runs a command of the repository's configuration in the sandbox. The same tree gives the same change. */
export function recipeAgent({ name, run, network, timeout }: RecipeSetting): Agent {
  return {
    name,
    exact: true,
    accepts: ({ source }) => source.kind === 'recipe' && source.recipe === name,
    async change(_task, retry, context) {
      if (retry !== null) {
        return {
          state: 'failed',
          reason: `the recipe ${name} does the same each time, so running it again would change nothing`,
          remedy: 'Correct the recipe or the code it works on, then comment /retry.',
          retryable: false,
        }
      }
      context.progress(`runs the recipe ${name}`)
      const result = await context.exec(run, { timeoutMs: timeout, network })
      if (result.ok) return { state: 'done', summary: `ran the recipe ${name}` }
      const output = `${result.stdout}\n${result.stderr}`.trim().slice(-SHOWN)
      return {
        state: 'failed',
        reason: `the recipe ${name} (${run.join(' ')}) ${result.reason}${output === '' ? '' : `:\n${output}`}`,
        remedy: `Run ${run.join(' ')} on the head of the default branch and correct what it reports.`,
        retryable: false,
      }
    },
  }
}
