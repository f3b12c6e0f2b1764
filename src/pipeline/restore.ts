import { step } from '../engine.ts'
import type { Outcome } from '../model.ts'
import type { Failure, Order, PipelineSettings, Progress } from '../stages/order.ts'
import type { Stages } from '../stages/stages.ts'
import { waitUntilDecided } from './waits.ts'

/**
 * The way back: users first, then the default branch, then the proof, then the people. What cannot be restored ends as
 * `rollback-failed`: the lock stays and nothing more is tried blindly.
 */
export async function restore(
  stages: Stages,
  settings: PipelineSettings,
  order: Order,
  progress: Progress,
  failure: Failure,
): Promise<Outcome> {
  const { request } = order
  await step('enter: rolling back', () => stages.enter(order, 'rolling back'))
  const analysis = await step('analyse the failure', () => stages.analyse(order, progress, failure))

  const troubles = progress.deploying ? await redeploy(stages, settings, order, progress) : []
  if (progress.merged) {
    const branch = await step('restore the branch', () => stages.restoreBranch(order, progress))
    if (!branch.ok) troubles.push(...branch.findings)
    else if (branch.value !== null) {
      const revert = branch.value
      const reverted = await waitUntilDecided({
        name: 'revert pull request',
        gate: 'rollback',
        pollMs: settings.pollMs,
        lookFirst: true,
        hears: (nudge) => nudge.about === 'pull-request' || nudge.about === 'checks',
        look: (since) => stages.reverted(order, revert, since),
      })
      if (!reverted.ok) troubles.push(...reverted.findings)
    }
  }
  await step('tidy up', () => stages.tidyUp(order, progress))

  const proof = await step('certify', () => stages.certify(order, progress, troubles))
  if (!proof.ok) {
    await step('call for help', () => stages.callForHelp(order, progress, failure, proof.findings))
    await step('conclude: rollback-failed', () => stages.conclude(request, 'rollback-failed', proof.findings))
    return 'rollback-failed'
  }
  const outcome = progress.merged ? 'rolled-back' : failure.outcome
  await step('report the failure', () => stages.reportFailure(order, progress, outcome, analysis, proof.value))
  if (outcome !== 'cancelled') {
    for (const id of await step('find who waits', () => stages.waitingBehind(order))) {
      await step(`clear ${id}`, () => stages.clear(order, id))
    }
  }
  await step('leave', () => stages.leave(order, progress))
  await step(`conclude: ${outcome}`, () => stages.conclude(request, outcome, failure.findings))
  return outcome
}

/** Brings the last good commit back into service and answers what stood in the way. */
async function redeploy(stages: Stages, settings: PipelineSettings, order: Order, progress: Progress) {
  const target = progress.snapshot?.deployed?.sha ?? order.plan.base.commit
  const begun = await step('deploy the last good commit', () => stages.deploy(order, target, 'rollback'))
  if (!begun.ok) return begun.findings
  const back = await waitUntilDecided({
    name: 'redeployment',
    gate: 'rollback',
    pollMs: settings.pollMs,
    lookFirst: order.plan.deploy.via !== 'deployment',
    hears: (nudge) => nudge.about === 'deployment' && nudge.deployment === begun.value,
    look: (since) => stages.deployed(order, target, begun.value, 'rollback', since),
  })
  return back.ok ? [] : back.findings
}
