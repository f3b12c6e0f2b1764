import type { Annotation, JobState, RunReport } from './actions/contract.ts'
import { actionsApp } from './apps.ts'
import { emitCheckRun, emitSuite } from './check-suites.ts'
import type { AnnotationRecord, CheckRunRecord, JobRecord, WorkflowRunRecord } from './code-records.ts'
import type { World } from './contract.ts'
import { followJob } from './job-deployments.ts'
import type { RepositoryRecord } from './records.ts'
import { repositoryPage } from './views/repository.ts'
import { deedOfRun, emitJob, emitRun } from './workflow-webhooks.ts'

/*
 * What the runner reports, turned into records and webhooks of GitHub Actions: a suite a run, a check run a job. Each
 * report is one stretch without an `await`.
 */

/** Takes in a report on an attempt of a run. One of an attempt that is no longer the newest is ignored. */
export function takeReport(world: World, runId: number, attempt: number, report: RunReport): void {
  const run = world.store.get('workflowRun', runId)
  const repository = run && world.store.get('repository', run.repositoryId)
  if (run === undefined || repository === undefined || run.attempt !== attempt) return
  if (report.kind === 'run') takeRun(world, repository, run, report)
  else if (report.kind === 'job') takeJob(world, repository, run, report.job)
}

function takeRun(
  world: World,
  repository: RepositoryRecord,
  run: WorkflowRunRecord,
  report: Extract<RunReport, { kind: 'run' }>,
): void {
  const { status, conclusion, name } = report
  const title = report.title ?? run.title
  const updated = world.store.put('workflowRun', { ...run, status, conclusion, name, title, updatedAt: world.now() })
  if (status !== run.status && status !== 'queued') emitRun(world, repository, updated, status)
  if (status !== run.status) setSuite(world, repository, updated)
}

/** The suite of a run follows the run, not its jobs: between two jobs all check runs may be complete. */
export function setSuite(world: World, repository: RepositoryRecord, run: WorkflowRunRecord): void {
  const suite = world.store.get('checkSuite', run.suiteId)
  if (suite === undefined) throw new Error(`the run ${run.id} has no check suite`)
  const { status, conclusion } = run
  const settled = world.store.put('checkSuite', { ...suite, status, conclusion, updatedAt: world.now() })
  if (status === 'completed') emitSuite(world, deedOfRun(world, repository, run), settled, 'completed')
}

function takeJob(world: World, repository: RepositoryRecord, run: WorkflowRunRecord, state: JobState): void {
  const before = jobOf(world, run, state.key)
  const job = world.store.put('job', jobRecord(world, run, state, before))
  const check = world.store.put('checkRun', checkRecord(world, repository, run, job, state))
  const deed = deedOfRun(world, repository, run)
  if (before === undefined) {
    emitCheckRun(world, deed, check, 'created')
    if (job.status === 'queued' || job.conclusion !== 'skipped') emitJob(world, repository, run, job, 'queued')
  }
  if (job.status === before?.status) return
  const deployed = followJob(world, deed, job, state)
  if (deployed.status !== 'queued') emitJob(world, repository, run, deployed, deployed.status)
  if (deployed.status === 'completed') emitCheckRun(world, deed, check, 'completed')
}

/** The record of a job in a run's newest attempt. */
function jobOf(world: World, run: WorkflowRunRecord, key: string): JobRecord | undefined {
  const jobs = world.store.list('job', run.repositoryId)
  return jobs.find((job) => job.runId === run.id && job.attempt === run.attempt && job.key === key)
}

function jobRecord(world: World, run: WorkflowRunRecord, state: JobState, before: JobRecord | undefined): JobRecord {
  const begun = before ?? {
    id: world.id(),
    repositoryId: run.repositoryId,
    runId: run.id,
    attempt: run.attempt,
    key: state.key,
    createdAt: world.now(),
    deploymentId: null,
  }
  return {
    ...begun,
    name: state.name,
    status: state.status,
    conclusion: state.conclusion,
    startedAt: inSeconds(state.startedAt),
    completedAt: inSeconds(state.completedAt),
    labels: state.labels,
    steps: state.steps.map((step) => ({
      number: step.number,
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      started_at: inSeconds(step.startedAt),
      completed_at: inSeconds(step.completedAt),
    })),
  }
}

function checkRecord(
  world: World,
  repository: RepositoryRecord,
  run: WorkflowRunRecord,
  job: JobRecord,
  state: JobState,
): CheckRunRecord {
  const done = state.status === 'completed'
  const annotations = done ? state.annotations.map(annotationOf) : []
  if (done && state.error !== null) {
    const place = { path: '.github', start_line: 1, end_line: 1 }
    annotations.push({ ...place, annotation_level: 'failure', message: state.error })
  }
  return {
    id: job.id,
    repositoryId: run.repositoryId,
    suiteId: run.suiteId,
    appId: actionsApp(world).id,
    name: state.name,
    headSha: run.headSha,
    externalId: `${run.id}/${state.key}`,
    detailsUrl: `${repositoryPage(world, repository)}/actions/runs/${run.id}/job/${job.id}`,
    status: state.status,
    conclusion: state.conclusion,
    startedAt: job.startedAt ?? job.createdAt,
    completedAt: job.completedAt,
    output: { title: null, summary: state.summary === '' ? null : state.summary, text: null },
    annotations,
  }
}

function annotationOf(annotation: Annotation): AnnotationRecord {
  return {
    path: annotation.path,
    start_line: annotation.startLine,
    end_line: annotation.endLine,
    ...(annotation.startColumn === undefined ? {} : { start_column: annotation.startColumn }),
    ...(annotation.endColumn === undefined ? {} : { end_column: annotation.endColumn }),
    annotation_level: annotation.level,
    message: annotation.message,
    ...(annotation.title === undefined ? {} : { title: annotation.title }),
  }
}

/** GitHub writes times in whole seconds. */
const inSeconds = (time: string | null): string | null => time?.replace(/\.\d+Z$/, 'Z') ?? null
