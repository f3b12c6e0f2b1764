import { cancelQueued, queued } from '../engine.ts'
import type { Certificate, Finding, Outcome } from '../model.ts'
import type { Failure, Order, PipelineSettings, Progress } from '../stages/order.ts'
import type { Stages } from '../stages/stages.ts'
import { bringIntoService } from './service.ts'
import { patientRun, type Run } from './tries.ts'
import { waitUntilDecided } from './waits.ts'

/** What is in service after the way back, what stood in its way, and what is only worth knowing. */
type Service = { deployed: Certificate['deployed']; troubles: Finding[]; notes: Finding[] }

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
  const run = patientRun(settings)
  const proof = await wayBack(run, stages, settings, order, progress, failure).catch((error: unknown): Proof => ({
    ok: false,
    findings: [outage(error)],
  }))
  if (!proof.ok) {
    await run('conclude: rollback-failed', () => stages.conclude(request, 'rollback-failed', proof.findings))
    await run('call for help', () => stages.callForHelp(order, progress, failure, proof.findings))
    return 'rollback-failed'
  }
  // It is proven: from here on only people are told, and a report that cannot be written does not undo the proof.
  const { analysis, certificate, notes } = proof
  const outcome = progress.merged ? 'rolled-back' : failure.outcome
  const told = { ...failure, findings: [...failure.findings, ...notes] }
  // Who waits is kept first: asked again after a crash, the queue would not name those who are out of it already.
  const waiting = outcome === 'cancelled' ? [] : await run('see who waits', () => whoWaits(stages, order))
  const out = await run('clear the queue', () => cancelQueued(waiting))
  const cleared = await run('see who is cleared', () => stages.clearedFrom(order, out))
  await run('report the failure', () =>
    stages.reportFailure(order, outcome, told, analysis, certificate, cleared),
  ).catch(() => undefined)
  await run('leave', () => stages.leave(order, progress))
  await run(`conclude: ${outcome}`, () => stages.conclude(request, outcome, failure.findings))
  for (const each of cleared) await run(`clear ${each.workflow}`, () => stages.clear(order, outcome, each))
  return outcome
}

type Analysis = Awaited<ReturnType<Stages['analyse']>>
type Proof =
  | { ok: true; certificate: Certificate; analysis: Analysis; notes: Finding[] }
  | { ok: false; findings: Finding[] }

async function wayBack(
  run: Run,
  stages: Stages,
  settings: PipelineSettings,
  order: Order,
  progress: Progress,
  failure: Failure,
): Promise<Proof> {
  progress.merged = await run('see what was merged', () => stages.seeMerged(order, progress))
  if (progress.merged && progress.branch !== null) {
    progress.head = await run('see which head was merged', () => stages.headOfPull(order, progress))
  }
  await run('enter: rolling back', () => stages.enter(order, 'rolling back', progress))
  const analysis = await run('analyse the failure', () => stages.analyse(order, progress, failure))
  if (progress.deploying && failure.outcome === 'cancelled')
    await deploymentEnds(run, stages, settings, order, progress)
  const way = progress.deploying
    ? await run('find the way back', () => stages.findWayBack(order, progress))
    : ({ kind: 'untouched' } as const)

  const service: Service = { deployed: null, troubles: [], notes: [] }
  const before = progress.snapshot?.deployed?.sha
  if (way.kind === 'untouched' && before !== undefined) service.deployed = { sha: before, state: 'untouched' }
  if (way.kind === 'deploy') await redeploy(run, stages, settings, order, service, way)
  if (progress.merged) service.troubles.push(...(await restoreBranch(run, stages, settings, order, progress)))
  await run('tidy up', () => stages.tidyUp(order, progress))
  if (way.kind === 'head' && service.troubles.length === 0) {
    const sha = await run('read the restored head', () => stages.headNow(order))
    await redeploy(run, stages, settings, order, service, { sha, must: true })
  }
  const { deployed, troubles, notes } = service
  const certified = await run('certify', () => stages.certify(order, progress, deployed, troubles))
  return certified.ok ? { ok: true, certificate: certified.value, analysis, notes } : certified
}

/** A deployment that people broke off goes on by itself, and could come into service after the version that is brought back. */
async function deploymentEnds(
  run: Run,
  stages: Stages,
  settings: PipelineSettings,
  order: Order,
  progress: Progress,
): Promise<void> {
  const { inService, deployment } = progress
  if (inService || deployment === null) return
  await waitUntilDecided(run, {
    name: 'end of the deployment',
    gate: 'rollback',
    pollMs: deployment.pollMs ?? settings.pollMs,
    decidesAfter: [deployment.timeout],
    lookFirst: true,
    ear: 'deaf',
    hears: (nudge) => nudge.about === 'deployment' && nudge.deployment === deployment.id,
    look: (since) => stages.deploymentEnded(order, progress, since),
  })
}

/** Brings a commit back into service. What is no `must` is only noted when it does not come about. */
async function redeploy(
  run: Run,
  stages: Stages,
  settings: PipelineSettings,
  order: Order,
  service: Service,
  { sha, must }: { sha: string; must: boolean },
): Promise<void> {
  const back = await bringIntoService(run, stages, settings, order, { sha, reason: 'rollback' })
  if (back.ok) service.deployed = { sha, state: 'success' }
  else if (must) service.troubles.push(...back.findings)
  else service.notes.push(...back.findings.map((finding): Finding => ({ ...finding, severity: 'warning' })))
}

/** The workflows that wait behind this update and go with it, as configured. */
async function whoWaits(stages: Stages, order: Order): Promise<string[]> {
  if (!(await stages.clearsQueue(order))) return []
  return (await queued(order.request.repo)).filter(({ state }) => state === 'waiting').map(({ id }) => id)
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
  const reverted = await waitUntilDecided(run, {
    name: 'revert pull request',
    gate: 'rollback',
    pollMs: settings.pollMs,
    lookFirst: true,
    ear: 'deaf',
    hears: (nudge) => (nudge.about === 'pull-request' && nudge.pull === pull) || nudge.about === 'checks',
    look: (since) => stages.reverted(order, pull, since),
  })
  return reverted.ok ? [] : reverted.findings
}

function outage(error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error)
  const remedy = 'Look at the log of the app for this codename, restore by hand what the snapshot says, then /unlock.'
  return { gate: 'rollback', severity: 'error', rule: 'internal-error', message, remedy }
}
