import type { Json, JsonObject, Permissions } from './contract.ts'

/** A workflow file that is valid; values that may hold expressions are kept as they stand and evaluated when due. */
export interface Workflow {
  path: string
  /** `name:`, or the path. */
  name: string
  runName: string | null
  triggers: Trigger[]
  env: Json
  concurrency: Json
  permissions: Permissions | null
  jobs: WorkflowJob[]
}

/** One event of `on:` with what narrows it. Null means that the filter is not there. */
export interface Trigger {
  event: string
  types: string[] | null
  branches: PatternFilter | null
  tags: PatternFilter | null
  paths: PatternFilter | null
  /** Names of workflows, of `workflow_run`. */
  workflows: string[] | null
  /** Of `schedule`. */
  crons: string[]
  /** Of `workflow_dispatch`. */
  inputs: InputDefinition[]
}

export interface PatternFilter {
  /** Whether it is the `-ignore` form. */
  ignore: boolean
  patterns: string[]
}

export interface InputDefinition {
  name: string
  type: 'string' | 'boolean' | 'number' | 'choice' | 'environment'
  fallback: string | number | boolean | null
}

/** `defaults.run`; null where neither job nor workflow says anything. */
export interface RunDefaults {
  shell: string | null
  workingDirectory: string | null
}

export interface WorkflowJob {
  id: string
  name: string | null
  needs: string[]
  condition: string | null
  runsOn: Json
  env: Json
  strategy: JsonObject
  defaults: RunDefaults
  steps: WorkflowStep[]
  outputs: JsonObject
  timeoutMinutes: Json
  continueOnError: Json
  concurrency: Json
  permissions: Permissions | null
  environment: Json
  /** Why this job cannot run here: what it uses that only GitHub has. */
  unsupported: string | null
}

export interface WorkflowStep {
  id: string | null
  name: string | null
  condition: string | null
  act: { kind: 'run'; script: string } | { kind: 'uses'; action: string; inputs: JsonObject }
  shell: string | null
  workingDirectory: string | null
  env: Json
  continueOnError: Json
  timeoutMinutes: Json
}
