import type { Json, JsonObject, JobState, Permissions } from './contract.ts'
import { evaluate, evaluateToText, ExpressionFault } from './expression.ts'
import type { Scope } from './expression.ts'
import { isMapping, scalarText } from './json.ts'
import { matrixLabel } from './matrix.ts'
import { splitTemplate } from './template.ts'
import type { Workflow, WorkflowJob } from './workflow.ts'

/** A job with everything decided that is decided before it starts. */
export interface JobPlan {
  job: WorkflowJob
  key: string
  name: string
  labels: string[]
  permissions: Permissions | null
  environment: JobState['environment']
  concurrency: ConcurrencyPlan | null
  timeoutMinutes: number
  continueOnError: boolean
  scope: Scope
}

export interface ConcurrencyPlan {
  group: string
  cancelInProgress: boolean
}

/**
 * Evaluates what stands around a job's steps. `scope` has the contexts of the job, `matrix` and `strategy` among them.
 * Throws `ExpressionFault`.
 */
export function planJob(workflow: Workflow, job: WorkflowJob, key: string, scope: Scope): JobPlan {
  const minutes = Number(evaluateToText(job.timeoutMinutes, scope))
  if (!Number.isFinite(minutes)) throw new ExpressionFault('`timeout-minutes` is no number')
  return {
    job,
    key,
    name: jobName(job, scope),
    labels: readLabels(evaluate(job.runsOn, scope)),
    permissions: job.permissions ?? workflow.permissions,
    environment: planEnvironment(job.environment, scope),
    concurrency: planConcurrency(job.concurrency, scope),
    timeoutMinutes: minutes,
    continueOnError: evaluateToText(job.continueOnError, scope) === 'true',
    scope,
  }
}

/** Evaluates `concurrency:`, which is a group's name or a mapping; null when there is none. */
export function planConcurrency(value: Json, scope: Scope): ConcurrencyPlan | null {
  const settings = evaluate(value, scope)
  if (settings === null || settings === '') return null
  if (!isMapping(settings)) return { group: scalarText(settings), cancelInProgress: false }
  const group = scalarText(settings['group'])
  if (group === '') throw new ExpressionFault('`concurrency.group` is empty')
  return { group, cancelInProgress: scalarText(settings['cancel-in-progress']) === 'true' }
}

/** `env` of workflow and job, which may ask for the job's token and so waits for its start. Throws `ExpressionFault`. */
export function jobVariables(workflow: Workflow, job: WorkflowJob, scope: Scope): Record<string, string> {
  return { ...readEnv(workflow.env, scope), ...readEnv(job.env, scope) }
}

/** Evaluates an `env:` of any level. Throws `ExpressionFault`. */
export function readEnv(value: Json, scope: Scope): Record<string, string> {
  const env = evaluate(value, scope)
  if (!isMapping(env)) throw new ExpressionFault('`env` is no mapping')
  return Object.fromEntries(Object.entries(env).map(([name, inner]) => [name, scalarText(inner)]))
}

/** `name:`, or the id; the values of a matrix follow where the name has no expression that could tell them. */
function jobName(job: WorkflowJob, scope: Scope): string {
  const template = job.name ?? job.id
  const name = evaluateToText(template, scope)
  const matrix = scope.contexts['matrix']
  const tells = splitTemplate(template).some((part) => part.kind === 'expression')
  const label = isMapping(matrix) && !tells ? matrixLabel(matrix) : ''
  return label === '' ? name : `${name} (${label})`
}

function readLabels(value: Json): string[] {
  if (Array.isArray(value)) return value.map(scalarText)
  if (!isMapping(value)) return [scalarText(value)]
  const labels = value['labels'] ?? []
  return Array.isArray(labels) ? labels.map(scalarText) : [scalarText(labels)]
}

// The url may ask for what steps made, and is evaluated when they have ended.
function planEnvironment(value: Json, scope: Scope): JobState['environment'] {
  const name = evaluateToText(isMapping(value) ? (value['name'] ?? null) : value, scope)
  return name === '' ? null : { name, url: null }
}

/** The first report of a job. */
export function queuedState(plan: Pick<JobPlan, 'job' | 'key' | 'name'> & Partial<JobPlan>): JobState {
  return {
    key: plan.key,
    id: plan.job.id,
    name: plan.name,
    status: 'queued',
    conclusion: null,
    startedAt: null,
    completedAt: null,
    labels: plan.labels ?? [],
    steps: [],
    annotations: [],
    summary: '',
    environment: plan.environment ?? null,
    permissions: plan.permissions ?? null,
    error: null,
  }
}

/** What is left when the job's `strategy` context is made. */
export function strategyContext(index: number, total: number, failFast: boolean, maxParallel: number): JsonObject {
  return { 'fail-fast': failFast, 'job-index': index, 'job-total': total, 'max-parallel': maxParallel }
}
