import type { ExpectedChecks, Finding, GateName } from '../model.ts'
import type { Looked, Nudge, Stopped } from '../stages/order.ts'
import type { Run } from './tries.ts'
import { waitUntilDecided, type Waited } from './waits.ts'

export type Round<T> = {
  name: string
  gate: GateName
  sha: string
  expected: ExpectedChecks
  pollMs: number
  /** When checks must have appeared and be over, ms. */
  decidesAfter: number[]
  /** The update's pull request and the ref that it is to be merged into, where the round is about one. */
  pull: { number: number; base: string } | null
  /** `outrun` are ids of check runs that count no more, because their workflow runs again. */
  look: (since: number, nudge: Nudge | null, outrun: number[]) => Promise<Looked<T>>
  /** After the checks timed out for the `tries`th time: stops what runs. `null` when it is not to be tried again. */
  stop: (tries: number, findings: Finding[]) => Promise<Stopped | null>
  startAgain: (stopped: Stopped, since: number) => Promise<Looked<null>>
}

/** How long GitHub may take to stop a run, and how often it is asked, ms. */
const STOPPING_POLL_MS = 5_000

/** Waits until the checks on a commit decide; a time-out starts them again, up to a limit (GATE-5). */
export async function checksDecide<T>(run: Run, round: Round<T>): Promise<Waited<T>> {
  const outrun: number[] = []
  for (let tries = 1; ; tries++) {
    const gone = [...outrun]
    const judged = await waitUntilDecided(run, {
      name: tries === 1 ? round.name : `${round.name}, try ${tries}`,
      gate: round.gate,
      pollMs: round.pollMs,
      decidesAfter: round.decidesAfter,
      lookFirst: round.expected.mode === 'none',
      hears: hears(round, tries === 1 ? round.expected.workflows : 1),
      look: (since, nudge) => round.look(since, nudge, gone),
    })
    if (judged.ok || judged.interrupted) return judged
    const { findings } = judged
    const stopped = await run(`${round.name}: stop ${tries}`, () => round.stop(tries, findings))
    if (stopped === null) return judged
    outrun.push(...stopped.outrun)
    const begun = await waitUntilDecided(run, {
      name: `${round.name}: start again ${tries}`,
      gate: round.gate,
      pollMs: Math.min(round.pollMs, STOPPING_POLL_MS),
      lookFirst: true,
      hears: (nudge) => nudge.about === 'checks' && nudge.sha === round.sha,
      look: (since) => round.startAgain(stopped, since),
    })
    if (!begun.ok) return begun.interrupted ? begun : { ...judged, findings: [...findings, ...begun.findings] }
  }
}

/**
 * A suite is a run of a workflow: a look is worth a request only when as many have ended as are expected. What happens to the
 * update's own pull request is always worth one.
 */
function hears<T>({ sha, pull }: Round<T>, expected: number): (nudge: Nudge) => boolean {
  const ended = new Set<number>()
  return (nudge) => {
    if (nudge.about === 'pull-request') return pull !== null && nudge.pull === pull.number
    // Where the base has moved into a conflict GitHub starts no workflow: waiting for one would be in vain.
    if (nudge.about === 'push') return pull !== null && nudge.ref === pull.base
    if (nudge.about !== 'checks' || nudge.sha !== sha) return false
    ended.add(nudge.suite ?? 0)
    return ended.size >= expected
  }
}
