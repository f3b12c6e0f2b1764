import type { Scope } from './expression.ts'
import type { JobRuntime } from './job-runtime.ts'
import type { StepOutput } from './step-output.ts'
import type { WorkflowStep } from './workflow.ts'

/** A step on its way: what its parts need to know of it. */
export interface StepRun {
  job: JobRuntime
  step: WorkflowStep
  number: number
  scope: Scope
  env: Record<string, string>
  output: StepOutput
  /** Variables that name the step's command files. */
  files: Record<string, string>
  outputs: Record<string, string>
  /** Aborted when the step shall end: nothing more is started then. */
  stopping: AbortController
}

/** What a step's work came to by itself. */
export type StepResult = 'success' | { error: string }
