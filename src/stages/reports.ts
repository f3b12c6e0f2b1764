import { renderCallForHelp } from '../messages/call-for-help.ts'
import type { ChangeReport, Validation } from '../messages/change-report.ts'
import { renderFailureReport } from '../messages/failure-report.ts'
import { renderReceipt } from '../messages/receipt.ts'
import type { Certificate, Criterion, Finding, JudgedCriterion, Outcome, Phase, Plan } from '../model.ts'
import { isOpen, predictedFiles } from '../planning/accuracy.ts'
import { calibration } from '../planning/calibration.ts'
import type { FinishedUpdate } from '../planning/facts.ts'
import { comment, label, linksOf, showStatus } from './correspondence.ts'
import { asFileChange, historyOf } from './draft.ts'
import type { Failure, Order, Progress } from './order.ts'
import { enterPhase, finish, keep, recordNamed, recordOf, type UpdateRecord } from './record.ts'
import type { Analysis } from './restoring.ts'
import { deskOf, type Services } from './services.ts'
import { benchAt, settingsKnown } from './settings.ts'
import { note } from './trigger.ts'

/** A phase that is over sooner needs no edit of its own: the comment says what comes next. */
const WORTH_SHOWING_MS = 30_000

/** The phases whose beginning is worth an edit of the status comment: those that may last. */
function isShown(phase: Phase, { tasks, deploy, health }: Plan): boolean {
  // What is known beforehand is written in a second.
  if (phase === 'executing') return tasks.some(({ exact }) => !exact)
  if (phase === 'deploying') return deploy.via !== 'none'
  if (phase === 'soak') return health.soak >= WORTH_SHOWING_MS
  if (phase === 'awaiting push') return true
  return phase === 'round 1' || phase === 'round 2' || phase === 'rolling back'
}

/** An update that was taken out of the queue; `position` counts from 1, the one that failed. */
export type Cleared = { workflow: string; codename: string; issue: number; position: number }

export function reporting(services: Services) {
  const { updates } = services

  return {
    /** A new phase: kept first, then shown (EXEC-5). */
    async enter(order: Order, phase: Phase, progress: Progress): Promise<void> {
      const { request, plan } = order
      await enterPhase(updates, request.codename, phase, { part: { progress, findings: [] } })
      if (!isShown(phase, plan)) return
      const { fixed, phases } = await recordNamed(updates, request.codename)
      const first = fixed.length === 0 && phases.filter(({ name }) => name === 'round 1').length === 1
      const starts = phase === 'round 1' && first && !isShown('executing', plan)
      await showStatus(services, await benchAt(services, request, plan.base.commit), request, { starts })
    },

    /** OUT-3: the status comment ends as the change report. */
    async reportSuccess(order: Order, progress: Progress): Promise<void> {
      const { request, plan } = order
      await enterPhase(updates, request.codename, 'reporting', { part: { progress } })
      const { phases, took } = await recordNamed(updates, request.codename)
      const bench = await benchAt(services, request, plan.base.commit)
      const { files } = await bench.git.measure(
        progress.checked?.base ?? plan.base.commit,
        progress.merged?.commit ?? plan.base.commit,
      )
      const changed = files.map(asFileChange)
      const finished = finishedUpdate(
        order,
        phases,
        took,
        changed.map(({ path }) => path),
      )
      await keep(updates, request.codename, { finished })
      const record = await recordNamed(updates, request.codename)
      const known = calibration([...(await historyOf(updates, request.repo)), finished])
      const report = changeReport(order, progress, record, changed, finished, linksOf(services, request, record))
      const { criteria, accuracy } = report
      await note(services, request, 'report', { criteria, accuracy, calibration: known })
      await showStatus(services, bench, request, {
        outcome: 'succeeded',
        phases,
        report: { kind: 'success', report: { ...report, calibration: known } },
      })
    },

    /** OUT-4: what succeeded, what failed and why, with the certificate. */
    async reportFailure(
      order: Order,
      outcome: Outcome,
      failure: Failure,
      analysis: Analysis,
      certificate: Certificate,
      cleared: Cleared[],
    ): Promise<void> {
      const { request, plan } = order
      const record = await recordNamed(updates, request.codename)
      const bench = await benchAt(services, request, plan.base.commit)
      const back = record.phases.findIndex(({ name }) => name === 'rolling back')
      const phases = back < 0 ? record.phases : record.phases.slice(0, back)
      const body = renderFailureReport(
        {
          codename: request.codename,
          title: request.title,
          requester: request.requester,
          outcome,
          phase: phases.at(-1)?.name ?? 'queued',
          phases: phases.slice(0, -1),
          fixes: record.fixed.length,
          findings: failure.findings,
          cause: analysis.cause,
          excerpts: analysis.excerpts,
          certificate,
          cleared: cleared.map(({ codename, issue }) => ({ codename, issue })),
          links: linksOf(services, request, record),
        },
        bench.words,
      )
      await comment(services, bench, request, 'failure report', body)
    },

    /** What could not be restored: people are called by name, and nothing more is tried. */
    async callForHelp(order: Order, progress: Progress, failure: Failure, findings: Finding[]): Promise<void> {
      const { request, plan, approvals } = order
      const desk = deskOf(services, request)
      const { words } = await settingsKnown(desk, request.defaultBranch)
      const people = [...new Set([request.requester, ...approvals.map(({ login }) => login)])]
      const view = {
        codename: request.codename,
        people,
        findings: [...findings, ...failure.findings],
        branch: plan.base.branch,
      }
      const body = renderCallForHelp({ ...view, snapshot: progress.snapshot, merged: progress.merged }, words)
      await comment(services, desk, request, 'call for help', body)
    },

    async clearsQueue(order: Order): Promise<boolean> {
      const { config } = await benchAt(services, order.request, order.plan.base.commit)
      return config.queue.onFailure === 'clear'
    },

    /** Which updates the workflows are of that were taken out of the queue, in its order. */
    async clearedFrom(order: Order, workflows: string[]): Promise<Cleared[]> {
      if (workflows.length === 0) return []
      const active = await updates.active(order.request.repo)
      return workflows.flatMap((workflow, at) => {
        const update = active.find((each) => recordOf(each).workflow === workflow)
        // The failed one was the first.
        return update ? [{ workflow, codename: update.codename, issue: update.issue, position: at + 2 }] : []
      })
    },

    /** QUEUE-2: whoever waited behind a failure is told by itself. */
    async clear(order: Order, outcome: Outcome, { codename, position }: Cleared): Promise<void> {
      const { request } = await recordNamed(updates, codename)
      const { requester } = request
      const failed = { codename: order.request.codename, issue: order.request.issue, outcome }
      await note(services, request, 'outcome', { outcome: 'cleared', because: failed })
      await finish(updates, codename, 'cleared', {})
      const desk = deskOf(services, request)
      const { words } = await settingsKnown(desk, request.defaultBranch)
      await comment(services, desk, request, 'receipt', renderReceipt({ codename, requester, position, failed }, words))
      await showStatus(services, { ...desk, words }, request)
      await label(services, desk, request, null)
    },
  }
}

/** The phases that an estimate is about: from the snapshot to the report, without the waiting for people and turns. */
const ESTIMATED = new Set<Phase>([
  'snapshot',
  'executing',
  'awaiting push',
  'round 1',
  'merging',
  'round 2',
  'deploying',
  'soak',
])

function finishedUpdate(
  order: Order,
  all: UpdateRecord['phases'],
  took: UpdateRecord['took'],
  files: string[],
): FinishedUpdate {
  const { plan, request } = order
  const phases = all.filter(({ name }) => ESTIMATED.has(name))
  const ms = phases.reduce((sum, phase) => sum + phase.ms, 0)
  const timeOf = (id: number) => took.filter(({ task }) => task === id).reduce((sum, time) => sum + time.ms, 0)
  const at = all.at(-1)?.startedAt ?? request.at
  const { p50, p90 } = plan.resources.estimate
  return {
    codename: request.codename,
    at,
    size: plan.scope.size,
    tasks: plan.tasks.map((task) => ({ kind: task.source.kind, agent: task.agent, ms: timeOf(task.id) })),
    phases: phases.map((phase) => ({ name: phase.name, ms: phase.ms })),
    predicted: { p50, p90, files: predictedFiles(plan), tasks: plan.tasks.length, open: isOpen(plan) },
    actual: { ms, files, tasks: new Set(took.map(({ task }) => task)).size },
  }
}

function changeReport(
  order: Order,
  progress: Progress,
  record: UpdateRecord,
  files: ChangeReport['files'],
  finished: FinishedUpdate,
  links: ChangeReport['links'],
): Omit<ChangeReport, 'calibration'> {
  const { request, plan, approvals } = order
  const merged = progress.merged ?? plan.base
  const { predicted, actual } = finished
  const deployed = plan.deploy.via !== 'none'
  return {
    codename: request.codename,
    title: request.title,
    requester: request.requester,
    approvedBy: approvals.map(({ login }) => login),
    files,
    merged: { commit: merged.commit, tree: merged.tree },
    deployment: deployed
      ? { environment: plan.deploy.environment, sha: merged.commit, detail: 'deployed and confirmed', url: null }
      : null,
    validations: validationsOf(order),
    criteria: plan.criteria.map((criterion) => judgeCriterion(criterion, predicted.files, actual.files, isOpen(plan))),
    accuracy: {
      files: { predicted: predicted.files, actual: actual.files, open: isOpen(plan) },
      tasks: { predicted: predicted.tasks, actual: actual.tasks },
      duration: { p50: predicted.p50, p90: predicted.p90, actual: actual.ms },
    },
    phases: record.phases,
    fixes: record.fixed.length,
    accounts: record.accounts,
    links,
  }
}

/** An update that comes here passed every gate of its plan: these are their names. */
function validationsOf({ plan }: Order): Validation[] {
  const rounds = (['1', '2'] as const).flatMap((round): Validation[] => {
    const { mode, names } = round === '1' ? plan.checks.round1 : plan.checks.round2
    const checks = mode === 'none' ? [] : names.length > 0 ? names : ['all checks of GitHub Actions']
    return [...checks, ...plan.reviewers].map((name) => ({ round, name, passed: true, detail: 'passed' }))
  })
  return [
    ...rounds,
    ...plan.health.probes.map((name): Validation => ({ round: 'soak', name, passed: true, detail: 'healthy' })),
  ]
}

/** PLAN-9. The gates before have judged everything but the files, which are held against each other here. */
function judgeCriterion(criterion: Criterion, planned: string[], actual: string[], open: boolean): JudgedCriterion {
  if (criterion.kind !== 'files-as-planned') return { criterion, met: true, evidence: evidenceOf(criterion) }
  const missing = planned.filter((path) => !actual.includes(path))
  const more = actual.filter((path) => !planned.includes(path))
  const exact = missing.length === 0 && (open || more.length === 0)
  const evidence = exact
    ? `${actual.length} files, all of them ${open ? 'within the paths of the plan' : 'planned'}`
    : `missing: ${missing.join(', ') || 'none'}; unplanned: ${more.join(', ') || 'none'}`
  return { criterion, met: exact, evidence }
}

function evidenceOf(criterion: Exclude<Criterion, { kind: 'files-as-planned' }>): string {
  switch (criterion.kind) {
    case 'checks-pass':
      return `round ${criterion.round} passed`
    case 'tree-is-checked-tree':
      return 'the merged tree is the one that round 1 checked'
    case 'deployed':
      return `${criterion.environment} reported success`
    case 'healthy':
      return `${criterion.probe} held the soak`
  }
}
