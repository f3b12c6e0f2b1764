import { cancelQueued, queued, step } from '../engine.ts'
import type { Finding, Outcome } from '../model.ts'
import type { Failure, Order, PipelineSettings, Progress } from '../stages/order.ts'
import type { Stages } from '../stages/stages.ts'
import type { Run } from './rounds.ts'
import { waitUntilDecided } from './waits.ts'

/** A way back is tried longer than a way forward: an outage of some minutes must not leave a repository half restored. */
const ATTEMPTS = 8

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
  const run: Run = (name, act) => step(name, act, { attempts: ATTEMPTS, intervalSeconds: settings.backoffMs / 1000 })
  try {
    await run('enter: rolling back', () => stages.enter(order, 'rolling back', progress))
    const analysis = await run('analyse the failure', () => stages.analyse(order, progress, failure))

    const troubles = progress.deploying ? await redeploy(run, stages, settings, order, progress) : []
    if (progress.merged) troubles.push(...(await restoreBranch(run, stages, settings, order, progress)))
    await run('tidy up', () => stages.tidyUp(order, progress))

    const proof = await run('certify', () => stages.certify(order, progress, troubles))
    if (!proof.ok) return await giveUp(proof.findings)
    const outcome = progress.merged ? 'rolled-back' : failure.outcome
    await run('report the failure', () => stages.reportFailure(order, outcome, failure, analysis, proof.value))
    if (outcome !== 'cancelled') {
      for (const id of await run('clear the queue', () => clearQueue(stages, order))) {
        await run(`clear ${id}`, () => stages.clear(order, id))
      }
    }
    await run('leave', () => stages.leave(order, progress))
    await run(`conclude: ${outcome}`, () => stages.conclude(request, outcome, failure.findings))
    return outcome
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const remedy = 'Look at the log of the app for this codename, restore by hand what the snapshot says, then /unlock.'
    return giveUp([{ gate: 'rollback', severity: 'error', rule: 'internal-error', message, remedy }])
  }

  async function giveUp(findings: Finding[]): Promise<Outcome> {
    await run('conclude: rollback-failed', () => stages.conclude(request, 'rollback-failed', findings))
    await run('call for help', () => stages.callForHelp(order, progress, failure, findings))
    return 'rollback-failed'
  }
}

/** Takes out of the queue whoever waits behind this update, as configured; answers their workflows. */
async function clearQueue(stages: Stages, order: Order): Promise<string[]> {
  if (!(await stages.clearsQueue(order))) return []
  const waiting = (await queued(order.request.repo)).filter(({ state }) => state === 'waiting')
  return cancelQueued(waiting.map(({ id }) => id))
}

/** Brings the last good commit back into service and answers what stood in the way. */
async function redeploy(
  run: Run,
  stages: Stages,
  settings: PipelineSettings,
  order: Order,
  progress: Progress,
): Promise<Finding[]> {
  const target = progress.snapshot?.deployed?.sha ?? order.plan.base.commit
  const begun = await run('deploy the last good commit', () => stages.deploy(order, target, 'rollback'))
  if (!begun.ok) return begun.findings
  const { deployment, pollMs } = begun.value
  const back = await waitUntilDecided({
    name: 'redeployment',
    gate: 'rollback',
    pollMs: pollMs ?? settings.pollMs,
    lookFirst: pollMs !== null,
    hears: (nudge) => nudge.about === 'deployment' && nudge.deployment === deployment,
    look: (since, nudge) => stages.deployed(order, target, deployment, 'rollback', since, nudge),
  })
  return back.ok ? [] : back.findings
}

/** Gives the default branch the snapshot's tree back, by a commit or, where rules forbid that, by a pull request. */
async function restoreBranch(
  run: Run,
  stages: Stages,
  settings: PipelineSettings,
  order: Order,
  progress: Progress,
): Promise<Finding[]> {
  const branch = await run('restore the branch', () => stages.restoreBranch(order, progress))
  if (!branch.ok) return branch.findings
  const pull = branch.value
  if (pull === null) return []
  const reverted = await waitUntilDecided({
    name: 'revert pull request',
    gate: 'rollback',
    pollMs: settings.pollMs,
    lookFirst: true,
    hears: (nudge) => nudge.about === 'pull-request' || nudge.about === 'checks',
    look: (since) => stages.reverted(order, pull, since),
  })
  return reverted.ok ? [] : reverted.findings
}
