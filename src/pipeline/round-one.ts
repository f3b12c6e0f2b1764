import { now } from '../engine.ts'
import type { Finding, GateName, TreePoint } from '../model.ts'
import { cancelled, failed, type Failure, type Order, type PipelineSettings, type Progress } from '../stages/order.ts'
import type { Stages } from '../stages/stages.ts'
import { madeByPeople } from './people.ts'
import { checksDecide } from './rounds.ts'
import type { Run } from './tries.ts'
import { listen, waitUntilDecided } from './waits.ts'

/** A refused merge is tried again this often even when nothing is heard, ms: GitHub does not tell of every reason that is gone. */
const MERGE_POLL_MS = 60_000

/**
 * Round 1 on the pull request's head until it passes, then the merge of exactly what passed (GATE1-1 to GATE1-5). `null`
 * when it is merged. Where others merged first the branch catches up, where checks or reviewers object the findings go back to
 * the agents; round 1 then begins again on the new head.
 */
export async function validateAndMerge(
  run: Run,
  stages: Stages,
  settings: PipelineSettings,
  order: Order,
  progress: Progress,
  first: { head: TreePoint; pull: number },
): Promise<Failure | null> {
  const { plan } = order
  const { pollMs } = settings
  const { pull } = first
  let { head } = first
  for (let round = 1; ; round++) {
    const times = round > 1 ? ` ${round}` : ''
    await run(`enter: round 1${times}`, () => stages.enter(order, 'round 1', progress))
    const at = head
    const reviewed = await run(`review 1.${round}`, () => stages.review(order, progress, 1))
    const judged = await checksDecide(run, {
      name: `round 1.${round}`,
      gate: 'round1',
      sha: at.commit,
      pull: { number: pull, base: `refs/heads/${order.request.defaultBranch}` },
      expected: plan.checks.round1,
      decidesAfter: reviewed.decidesAfter,
      pollMs,
      look: (since, nudge, outrun) => stages.roundOne(order, progress, reviewed, since, nudge, outrun),
      stop: (tries, findings) => stages.stopChecks(order, 1, at.commit, tries, findings),
      startAgain: (stopped, since) => stages.startChecksAgain(order, stopped, since),
    })
    if (judged.ok) {
      const checked = judged.value
      progress.checked = checked
      await run(`round 1.${round} passed`, () => stages.passRound(order, 1, checked.commit, reviewed))
      await run(`enter: merging${times}`, () => stages.enter(order, 'merging', progress))
      const word = await heard('merge')
      if (word) return cancelled(word)
      const merged = await waitUntilDecided(run, {
        name: `merge ${round}`,
        gate: 'merge',
        pollMs: Math.min(pollMs, MERGE_POLL_MS),
        decidesAfter: reviewed.decidesAfter,
        lookFirst: true,
        hears: (nudge) => (nudge.about === 'pull-request' && nudge.pull === pull) || nudge.about === 'checks',
        look: (since) => stages.merge(order, progress, checked, since),
      })
      if (!merged.ok) return merged.interrupted ? cancelled(...merged.findings) : failed(merged.findings)
      if (merged.value) {
        progress.merged = merged.value
        return null
      }
    } else {
      if (judged.interrupted) return cancelled(...judged.findings)
      await run(`round 1.${round} failed`, () => stages.failRound(order, 1, at.commit, reviewed, judged.findings))
    }
    if (judged.ok) {
      const caughtUp = await run(`catch up ${round}`, () => stages.catchUp(order, progress, round))
      if (!caughtUp.ok) return failed(caughtUp.findings)
      head = progress.head = caughtUp.value.head
      progress.base = caughtUp.value.base
    } else {
      const begun = await run(`fix ${round}`, () => stages.fix(order, progress, round, judged.findings))
      const fixed = await madeByPeople(run, stages, settings, order, progress, begun)
      if (!fixed.ok && fixed.interrupted) return cancelled(...fixed.findings)
      if (!fixed.ok) return failed([...judged.findings, ...fixed.findings])
      head = progress.head = fixed.value
    }
  }
}

/** What people said while a step ran; every boundary between stages hears it. */
export async function heard(gate: GateName): Promise<Finding | null> {
  const word = await listen(gate, await now(), () => false)
  return word.kind === 'end' ? word.finding : null
}
