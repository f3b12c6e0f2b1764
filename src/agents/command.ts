import type { CommandSetting } from '../config.ts'
import type { LentKey } from '../sandbox/network/open.ts'
import type { Agent } from './agent.ts'
import { promptFor } from './prompt.ts'

const SHOWN = 2_000

/**
 * An external coding agent: a command that reads what to do from standard input and edits the files where it is started, in
 * the sandbox. `keys` it uses with their servers and never has.
 */
export function commandAgent({ name, run, network, timeout }: CommandSetting, keys: LentKey[]): Agent {
  return {
    name,
    exact: false,
    accepts: ({ source }) => source.kind === 'words',
    async change(task, retry, context) {
      context.progress(`runs ${name}${retry === null ? '' : `, try ${retry.round + 1}`}`)
      const stdin = promptFor(task, retry)
      const result = await context.exec(run, { timeoutMs: timeout, network, keys, stdin })
      const said = (text: string) => text.trim().slice(-SHOWN)
      const seconds = Math.round(result.ms / 1000)
      if (result.ok)
        return { state: 'done', summary: `${name} worked for ${seconds} s and said:\n${said(result.stdout)}` }
      const output = said(`${result.stdout}\n${result.stderr}`)
      return {
        state: 'failed',
        reason: `the agent ${name} (${run[0]}) ${result.reason}${output === '' ? '' : `:\n${output}`}`,
        remedy: 'See what it printed, then comment /retry.',
        // Not ended by itself: its time was over, or the host stopped it.
        retryable: result.code === null,
      }
    },
  }
}

/** What stands in the way of a command agent on this host, or the keys that it may use. */
export function keysFor(
  { env, network }: Pick<CommandSetting, 'env' | 'network'>,
  lent: { name: string; origin: string; value: string | null }[],
): { ok: true; keys: LentKey[] } | { ok: false; reason: string; remedy: string } {
  const keys: LentKey[] = []
  for (const name of env) {
    const found = lent.filter((key) => key.name === name)
    if (found.length === 0) {
      const remedy = `Have the operator of the app add ${name}@<its server> to PAWL_AGENT_ENV, or take it out of env.`
      return { ok: false, reason: `it asks for ${name}, which the operator does not lend to agents`, remedy }
    }
    for (const { origin, value } of found) {
      if (value === null) {
        const remedy = `Have the operator of the app set ${name} in its environment.`
        return { ok: false, reason: `${name} is not set in the app’s environment`, remedy }
      }
      keys.push({ name, origin, value })
    }
  }
  if (keys.length > 0 && network.length === 0) {
    const remedy = `List the server under network, such as ${new URL(keys[0]?.origin ?? '').host}.`
    return { ok: false, reason: 'it has keys for a server and no network to reach it', remedy }
  }
  return { ok: true, keys }
}
