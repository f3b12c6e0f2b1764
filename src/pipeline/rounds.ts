import type { ExpectedChecks, Finding, GateName } from '../model.ts'
import type { Looked, Nudge } from '../stages/order.ts'
import { waitUntilDecided, type Waited } from './waits.ts'

/** Does a step of the workflow once. */
export type Run = <T>(name: string, act: () => Promise<T>) => Promise<T>

export type Round<T> = {
  name: string
  gate: GateName
  sha: string
  expected: ExpectedChecks
  pollMs: number
  look: (since: number, nudge: Nudge | null) => Promise<Looked<T>>
  /** After the checks timed out for the `tries`th time: true when they were started again. */
  again: (tries: number, findings: Finding[]) => Promise<boolean>
}

/** Waits until the checks on a commit decide; a time-out starts them again, up to a limit (GATE-5). */
export async function checksDecide<T>(run: Run, round: Round<T>): Promise<Waited<T>> {
  for (let tries = 1; ; tries++) {
    const judged = await waitUntilDecided({
      name: tries === 1 ? round.name : `${round.name}, try ${tries}`,
      gate: round.gate,
      pollMs: round.pollMs,
      lookFirst: round.expected.mode === 'none',
      hears: hearsSuites(round.sha, tries === 1 ? round.expected.workflows : 1),
      look: round.look,
    })
    if (judged.ok || judged.interrupted) return judged
    const { findings } = judged
    const again = await run(`${round.name}: start again ${tries}`, () => round.again(tries, findings))
    if (!again) return judged
  }
}

/** A suite is a run of a workflow: a look is worth a request only when as many have ended as are expected. */
function hearsSuites(sha: string, expected: number): (nudge: Nudge) => boolean {
  const ended = new Set<number>()
  return (nudge) => {
    if (nudge.about === 'pull-request') return nudge.sha === sha || nudge.state === 'closed'
    if (nudge.about !== 'checks' || nudge.sha !== sha) return false
    ended.add(nudge.suite ?? 0)
    return ended.size >= expected
  }
}
