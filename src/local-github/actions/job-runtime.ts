import type { Json, JsonObject, JobState, RunRequest } from './contract.ts'
import type { ExpressionFunction, Scope } from './expression.ts'
import { hashFilesFunction } from './hash-files.ts'
import type { JobHost } from './job-host.ts'
import type { JobLog } from './job-log.ts'
import type { Masks } from './masks.ts'
import type { JobFolder } from './run-folder.ts'
import { runnerContext } from './runner-context.ts'
import { statusFunctions } from './status-functions.ts'
import type { WorkflowJob } from './workflow.ts'

type JobStatus = 'success' | 'failure' | 'cancelled'

/** A job while it runs: what its steps share and change. */
export interface JobRuntime {
  request: RunRequest
  job: WorkflowJob
  state: JobState
  folder: JobFolder
  host: JobHost
  log: JobLog
  masks: Masks
  token: string
  status: JobStatus
  /** Contexts that do not change while the job runs. */
  contexts: { github: JsonObject; inputs: Json; matrix: Json; needs: Json; secrets: Json; strategy: Json; vars: Json }
  /** What steps start from: the runner's own variables. */
  environment: Record<string, string>
  /** `env` of workflow and job, then what steps wrote to GITHUB_ENV. */
  variables: Record<string, string>
  /** Folders that steps put before PATH, the newest first. */
  paths: string[]
  /** The `steps` context. */
  steps: JsonObject
  /** Aborted when the job shall end: cancelled or out of time. */
  ending: AbortSignal
  /** Aborted when the time for `always()` steps is over too. */
  ended: AbortSignal
  /** Tells the job's state as it is now. */
  report: () => void
  now: () => Date
}

/** What the expressions of a step see; `env` are the step's own variables over the job's. */
export function stepScope(job: JobRuntime, env: Record<string, string>): Scope {
  const { folder } = job
  const functions: ExpressionFunction[] = [
    ...statusFunctions({
      success: job.status === 'success',
      failure: job.status === 'failure',
      cancelled: job.status === 'cancelled',
    }),
    hashFilesFunction(folder.workspace),
  ]
  return {
    contexts: {
      ...job.contexts,
      env: { ...job.variables, ...env },
      job: { status: job.status },
      runner: runnerContext(job.folder),
      steps: job.steps,
    },
    functions,
  }
}
