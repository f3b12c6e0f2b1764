import type { JsonObject, RunRequest } from './contract.ts'
import type { Groups } from './groups.ts'
import type { Reporter } from './reporter.ts'
import type { Slots } from './slots.ts'
import type { Workflow } from './workflow.ts'

/** What all runs of a runner share. */
export interface Machine {
  slots: Slots
  groups: Groups
  now: () => Date
}

/** A run while it is under way: what its jobs share. */
export interface RunContext {
  request: RunRequest
  workflow: Workflow
  machine: Machine
  reporter: Reporter
  github: JsonObject
  inputs: JsonObject
  /** The concurrency group that the run itself holds, else null. */
  group: string | null
  /** Aborted when the run is cancelled. */
  cancelled: AbortSignal
}
