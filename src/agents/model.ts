import type { ModelSetting } from '../config/models.ts'
import type { Agent, ChangeResult } from './agent.ts'
import { countSpending, type Spending } from './model/budget.ts'
import { converse, described, type Ending } from './model/converse.ts'
import type { Model } from './model/provider.ts'
import { modelTools } from './model/tools.ts'
import { promptFor } from './prompt.ts'

/**
 * Lets a model change the files with the tools that it is given, within its budget. Its words and what it wants to run are
 * data: it reaches nothing but the workspace and the commands of the configuration.
 */
export function modelAgent(setting: ModelSetting, chosen: Model): Agent {
  const { name } = setting
  const { key } = chosen
  return {
    name,
    exact: false,
    accepts: ({ source }) => source.kind === 'words',
    async change(task, retry, context) {
      const spending = countSpending(setting)
      let changes = 0
      const tools = modelTools(context, setting.commands, () => (changes += 1))
      context.progress(`asks ${setting.model}${retry === null ? '' : `, try ${retry.round + 1}`}`)
      const ending = await converse({ ...context, setting, chosen, spending, tools, prompt: promptFor(task, retry) })
      const result = judge(setting, ending, spending, changes)
      return result.state === 'failed' && key !== null
        ? { ...result, reason: result.reason.replaceAll(key, '…') }
        : result
    },
  }
}

function judge(setting: ModelSetting, ending: Ending, spending: Spending, changes: number): ChangeResult {
  const spent = `Spent: ${spending.text()}.`
  const failed = (reason: string, remedy: string, retryable = false): ChangeResult => {
    return {
      state: 'failed',
      reason: `the agent ${setting.name} (${setting.model}) ${reason}. ${spent}`,
      remedy,
      retryable,
    }
  }
  const larger = 'Make the task smaller, or raise the budget in .github/pawl.yml, then comment /retry.'
  const said = ending.said === '' ? '' : `; it said: ${ending.said}`
  if (ending.outOfTime) return failed(`was stopped after its time of ${setting.budget.time / 1000} s`, larger, true)
  if (ending.error !== null)
    return failed(described(ending.error), 'See to what the server says, then comment /retry.', true)
  if (ending.why === 'tool-calls') return failed(`was stopped at its budget of ${spending.over()}`, larger, true)
  if (ending.why === 'content-filter') {
    return failed(
      `refused the task${said}`,
      'Say in the issue otherwise what to change, or use another agent with /revise.',
    )
  }
  if (ending.why === 'length') return failed('wrote more than its server allows at once', larger, true)
  if (ending.why !== 'stop') return failed('was cut off by its server', 'Comment /retry.', true)
  if (changes === 0) return failed(`changed nothing${said}`, 'Say in the issue more exactly what to change.')
  return { state: 'done', summary: [ending.said, spent].filter((text) => text !== '').join('\n') }
}
