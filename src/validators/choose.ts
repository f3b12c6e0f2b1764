import type { ReviewerName } from '../config.ts'
import type { GateName } from '../model.ts'
import type { Validator } from './validator.ts'

/** `gate` goes into the findings; `protectedPaths` are the configuration's globs; `fileLimit` is in bytes. */
export type ValidatorOptions = { gate: GateName; protectedPaths: string[]; fileLimit: number }

export function createValidators(_names: ReviewerName[], _options: ValidatorOptions): Validator[] {
  throw new Error('not written yet')
}
