import type { Finding, GateName, Task } from '../model.ts'
import type { MeasuredFile, Validator } from './validator.ts'

/** Holds a change against the tasks that were to make it, one task after its commit or all of them at the end. */
export function deviations(_tasks: Task[], _files: MeasuredFile[], _gate: GateName): Finding[] {
  throw new Error('not written yet')
}

export function fidelityValidator(_gate: GateName): Validator {
  throw new Error('not written yet')
}
