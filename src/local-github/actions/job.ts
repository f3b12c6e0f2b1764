import type { JobState, JsonObject } from './contract.ts'
import { ExpressionFault } from './expression.ts'
import { completeJob } from './job-completion.ts'
import { openJob } from './job-opening.ts'
import type { OpenJob } from './job-opening.ts'
import { jobVariables, queuedState } from './job-plan.ts'
import type { JobPlan } from './job-plan.ts'
import type { JobRuntime } from './job-runtime.ts'
import type { RunContext } from './run-context.ts'
import { runnerOs } from './runner-context.ts'
import { runStep, stepTitle } from './step.ts'
import type { Workflow } from './workflow.ts'

export interface JobResult {
  state: JobState
  outputs: JsonObject
}

/** Executes a job whose turn has come, from its start to its end; `cancelled` ends it before. */
export async function executeJob(run: RunContext, plan: JobPlan, cancelled: AbortSignal): Promise<JobResult> {
  const state = startedState(plan, run.machine.now().toISOString())
  run.reporter.job(state)
  const opened = await openJob(run, plan, state, cancelled)
  try {
    const outputs = await runSteps(run.workflow, opened)
    state.status = 'completed'
    state.completedAt = opened.job.now().toISOString()
    state.conclusion = opened.timedOut() ? 'timed_out' : opened.job.status
    run.reporter.job(state)
    return { state, outputs }
  } finally {
    await opened.remove()
  }
}

async function runSteps(workflow: Workflow, { job, close }: OpenJob): Promise<JsonObject> {
  try {
    setUp(job, workflow)
    for (const [index, step] of job.job.steps.entries()) {
      const stepState = job.state.steps[index + 1]
      if (stepState === undefined) break
      if (job.state.error !== null || job.ended.aborted) leaveOut(job, stepState, job.state.error === null)
      else await runStep(job, step, stepState)
    }
    return completeJob(job)
  } finally {
    await close()
  }
}

function startedState(plan: JobPlan, at: string): JobState {
  const names = ['Set up job', ...plan.job.steps.map(stepTitle), 'Complete job']
  const steps = names.map((name, index): JobState['steps'][number] => ({
    number: index + 1,
    name,
    status: index === 0 ? 'in_progress' : 'queued',
    conclusion: null,
    startedAt: index === 0 ? at : null,
    completedAt: null,
  }))
  return { ...queuedState(plan), status: 'in_progress', startedAt: at, steps }
}

/** The first step: says where the job runs, and fails it when it cannot run here. */
function setUp(job: JobRuntime, workflow: Workflow): void {
  const { state, folder } = job
  const [step] = state.steps
  if (step === undefined) return
  job.log.write(1, `This machine is the runner: ${runnerOs()}, ${folder.workspace}`)
  const foreign = state.labels.find((label) => isForeign(label))
  if (foreign !== undefined) {
    job.log.write(1, `##[notice]runs-on: ${foreign} is not this machine; the job runs on ${runnerOs()} all the same.`)
  }
  const fault = job.job.unsupported ?? setVariables(job, workflow)
  if (fault !== null) {
    state.error = job.masks.apply(fault)
    state.annotations.push({ path: '.github', startLine: 1, endLine: 1, level: 'failure', message: state.error })
    job.log.write(1, `##[error]${fault}`)
    job.status = 'failure'
  }
  step.status = 'completed'
  step.conclusion = state.error === null ? 'success' : 'failure'
  step.completedAt = job.now().toISOString()
  job.report()
}

/** Evaluates the `env` of workflow and job; answers what is wrong with it. */
function setVariables(job: JobRuntime, workflow: Workflow): string | null {
  try {
    job.variables = jobVariables(workflow, job.job, { contexts: job.contexts, functions: [] })
    return null
  } catch (error) {
    if (error instanceof ExpressionFault) return error.message
    throw error
  }
}

function isForeign(label: string): boolean {
  const systems = { Linux: 'ubuntu', macOS: 'macos', Windows: 'windows' }
  return Object.entries(systems).some(([os, prefix]) => label.toLowerCase().startsWith(prefix) && os !== runnerOs())
}

/** A step that has no chance any more. */
function leaveOut(job: JobRuntime, step: JobState['steps'][number], isCancelled: boolean): void {
  step.status = 'completed'
  step.conclusion = isCancelled ? 'cancelled' : 'skipped'
  step.startedAt = job.now().toISOString()
  step.completedAt = step.startedAt
}
