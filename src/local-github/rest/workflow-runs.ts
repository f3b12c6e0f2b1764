import { answer, notFound, paged, refuse } from '../answers.ts'
import type { JobRecord, WorkflowRunRecord } from '../code-records.ts'
import type { Answer, Call, Handler, Handlers, World } from '../contract.ts'
import { jobLogUrl } from '../job-logs.ts'
import { number, text } from '../json.ts'
import { userById } from '../people.ts'
import { rerun } from '../run-attempts.ts'
import { cancelRun } from '../running-runs.ts'
import { jobView, runView } from '../views/workflow.ts'
import { findWorkflow } from './workflows.ts'

const listForRepo: Handler = (call, world) => listed(call, world, world.store.list('workflowRun', call.repository.id))

const listForWorkflow: Handler = async (call, world) => {
  const workflow = await findWorkflow(call, world)
  if (workflow === undefined) return notFound()
  const runs = world.store.list('workflowRun', call.repository.id)
  return listed(
    call,
    world,
    runs.filter(({ workflowId }) => workflowId === workflow.id),
  )
}

function listed(call: Call, world: World, runs: WorkflowRunRecord[]): Answer {
  const { query } = call
  const asked = (name: string, value: string | null): boolean => {
    const wanted = text(query[name])
    return wanted === undefined || wanted === value
  }
  const status = text(query['status'])
  const shown = runs.filter(
    (run) =>
      asked('actor', userById(world.store, run.actorId).login) &&
      asked('branch', run.headBranch) &&
      asked('event', run.trigger.event) &&
      asked('head_sha', run.headSha) &&
      (status === undefined || run.status === status || run.conclusion === status) &&
      (number(query['check_suite_id']) ?? run.suiteId) === run.suiteId,
  )
  return paged(call, shown.toReversed(), (run) => runView(world, call.repository, run), 'workflow_runs')
}

function find(call: Call, world: World): WorkflowRunRecord | undefined {
  const run = world.store.get('workflowRun', call.number('run_id'))
  return run?.repositoryId === call.repository.id ? run : undefined
}

const get: Handler = (call, world) => {
  const run = find(call, world)
  return run === undefined ? notFound() : answer(200, runView(world, call.repository, run))
}

const listJobs: Handler = (call, world) => {
  const run = find(call, world)
  if (run === undefined) return notFound()
  const all = world.store.list('job', call.repository.id).filter(({ runId }) => runId === run.id)
  const jobs = text(call.query['filter']) === 'all' ? all : all.filter(({ attempt }) => attempt === run.attempt)
  return paged(call, jobs, (job) => jobView(world, call.repository, job), 'jobs')
}

function findJob(call: Call, world: World): JobRecord | undefined {
  const job = world.store.get('job', call.number('job_id'))
  return job?.repositoryId === call.repository.id ? job : undefined
}

const getJob: Handler = (call, world) => {
  const job = findJob(call, world)
  return job === undefined ? notFound() : answer(200, jobView(world, call.repository, job))
}

const downloadLogs: Handler = (call, world) => {
  const job = findJob(call, world)
  return job === undefined ? notFound() : { status: 302, headers: { location: jobLogUrl(world, job) } }
}

const cancel: Handler = (call, world) => {
  const run = find(call, world)
  if (run === undefined) return notFound()
  if (run.status === 'completed') return refuse(409, 'Cannot cancel a workflow run that is completed.')
  return cancelRun(world, run.id) ? answer(202, {}) : refuse(409, 'Cannot cancel a workflow run that does not run.')
}

const runAgain: Handler = (call, world) => again(call, world, find(call, world))

/** The whole run: what has succeeded is done again too, as its results cannot be carried over. */
const runJobAgain: Handler = (call, world) => {
  const job = findJob(call, world)
  return again(call, world, job === undefined ? undefined : world.store.get('workflowRun', job.runId))
}

function again(call: Call, world: World, run: WorkflowRunRecord | undefined): Answer {
  if (run === undefined) return notFound()
  if (run.status !== 'completed') return refuse(403, 'This workflow run is not completed and cannot be run again')
  rerun(world, call.repository, run, call.actor)
  return answer(201, {})
}

export const workflowRuns: Handlers = {
  'actions/list-workflow-runs-for-repo': listForRepo,
  'actions/list-workflow-runs': listForWorkflow,
  'actions/get-workflow-run': get,
  'actions/list-jobs-for-workflow-run': listJobs,
  'actions/get-job-for-workflow-run': getJob,
  'actions/download-job-logs-for-workflow-run': downloadLogs,
  'actions/cancel-workflow-run': cancel,
  'actions/re-run-workflow': runAgain,
  'actions/re-run-workflow-failed-jobs': runAgain,
  'actions/re-run-job-for-workflow-run': runJobAgain,
}
