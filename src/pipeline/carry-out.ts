import { now, step } from '../engine.ts'
import type { Finding, GateName, Phase } from '../model.ts'
import type { Failure, Order, PipelineSettings, Progress } from '../stages/order.ts'
import type { Stages } from '../stages/stages.ts'
import { listen, waitUntilDecided, type Waited } from './waits.ts'

const failed = (findings: Finding[]): Failure => ({ outcome: 'failed', findings })
const stopped = (waited: { findings: Finding[]; interrupted: boolean }): Failure => ({
  outcome: waited.interrupted ? 'cancelled' : 'failed',
  findings: waited.findings,
})

/**
 * Carries an approved order out, from its turn to the end of the soak. Answers `null` when all of it went well, `void` when
 * the approval no longer fits the world, else why it stopped; `progress` then says what there is to undo.
 */
export async function carryOut(
  stages: Stages,
  settings: PipelineSettings,
  order: Order,
  progress: Progress,
): Promise<Failure | 'void' | null> {
  const { plan } = order
  const enter = (phase: Phase) => step(`enter: ${phase}`, () => stages.enter(order, phase))
  /** Hears what people said while a step ran; every boundary between stages is one. */
  const heard = async (gate: GateName) => listen(gate, await now(), () => true)

  await enter('snapshot')
  const turn = await step('take the lock', () => stages.takeLock(order))
  if (!turn.ok) return failed(turn.findings)
  const valid = await step('approval still valid', () => stages.stillValid(order))
  if (!valid.ok) return failed(valid.findings)
  if (valid.value === 'void') return 'void'
  const snapshot = await step('take the snapshot', () => stages.takeSnapshot(order))
  if (!snapshot.ok) return failed(snapshot.findings)
  progress.snapshot = snapshot.value
  progress.head = plan.base

  await enter('executing')
  for (const task of plan.tasks) {
    const before = progress.head
    const change = await step(`task ${task.id}`, () => stages.carryOutTask(order, task, before))
    if (!change.ok) return failed(change.findings)
    progress.head = change.value
    const interruption = await heard('execution')
    if (interruption) return { outcome: 'cancelled', findings: [interruption] }
  }
  const head = progress.head
  const pull = await step('open the pull request', () => stages.openPull(order, head))
  progress.pull = pull

  await enter('round 1')
  const first = await roundOne(stages, settings, order, progress)
  if (!first.ok) return stopped(first)
  const checked = first.value
  progress.checked = checked
  await step('round 1 passed', () => stages.passRound(order, 1, checked.commit))

  await enter('merging')
  const interruption = await heard('merge')
  if (interruption) return { outcome: 'cancelled', findings: [interruption] }
  const merged = await step('merge', () => stages.merge(order, pull, checked))
  if (!merged.ok) return failed(merged.findings)
  progress.merged = merged.value
  const merge = merged.value
  const same = await step('compare the merged tree', () => stages.judgeMergedTree(order, checked, merge))
  if (!same.ok) return failed(same.findings)

  await enter('round 2')
  const second = await waitUntilDecided({
    name: 'round 2',
    gate: 'round2',
    pollMs: settings.pollMs,
    lookFirst: false,
    hears: (nudge) => nudge.about === 'checks' && nudge.sha === merge.commit,
    look: (since) => stages.roundTwo(order, progress, since),
  })
  if (!second.ok) return stopped(second)
  await step('round 2 passed', () => stages.passRound(order, 2, merge.commit))

  await enter('deploying')
  const baseline = await step('measure the baseline', () => stages.baseline(order))
  progress.deploying = true
  const begun = await step('begin the deployment', () => stages.deploy(order, merge.commit, 'update'))
  if (!begun.ok) return failed(begun.findings)
  progress.deployment = begun.value
  const deployed = await waitUntilDecided({
    name: 'deployment',
    gate: 'deploy',
    pollMs: settings.pollMs,
    lookFirst: plan.deploy.via !== 'deployment',
    hears: (nudge) => nudge.about === 'deployment' && nudge.deployment === begun.value,
    look: (since) => stages.deployed(order, merge.commit, begun.value, 'update', since),
  })
  if (!deployed.ok) return stopped(deployed)

  await enter('soak')
  const healthy = await waitUntilDecided({
    name: 'soak',
    gate: 'health',
    pollMs: await step('read the probing interval', () => stages.probingInterval(order)),
    lookFirst: true,
    hears: () => false,
    look: (since) => stages.soak(order, baseline, since),
  })
  return healthy.ok ? null : stopped(healthy)
}

/** Round 1 with its fix loop: what fails goes back to the agents, a limited number of times. */
async function roundOne(
  stages: Stages,
  settings: PipelineSettings,
  order: Order,
  progress: Progress,
): Promise<Waited<NonNullable<Progress['checked']>>> {
  for (let round = 0; ; round++) {
    const head = progress.head
    const judged = await waitUntilDecided({
      name: `round 1.${round}`,
      gate: 'round1',
      pollMs: settings.pollMs,
      lookFirst: false,
      hears: (nudge) =>
        nudge.about === 'pull-request' || (nudge.about === 'checks' && nudge.sha === head?.commit),
      look: (since) => stages.roundOne(order, progress, since),
    })
    if (judged.ok || judged.interrupted) return judged
    const { findings } = judged
    const fixed = await step(`fix ${round + 1}`, () => stages.fix(order, progress, round + 1, findings))
    if (!fixed.ok) return { ok: false, findings: [...findings, ...fixed.findings], interrupted: false }
    progress.head = fixed.value
  }
}
