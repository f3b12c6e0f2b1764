import type { ReviewerName } from '../config.ts'
import { dependenciesValidator } from './dependencies.ts'
import { fidelityValidator } from './fidelity.ts'
import { protectedPathsValidator } from './protected-paths.ts'
import { secretsValidator } from './secrets.ts'
import { testsValidator } from './tests.ts'
import type { Validator, ValidatorOptions } from './validator.ts'

const makers: Record<ReviewerName, (options: ValidatorOptions) => Validator> = {
  secrets: ({ gate }) => secretsValidator(gate),
  'protected-paths': protectedPathsValidator,
  fidelity: ({ gate }) => fidelityValidator(gate),
  dependencies: ({ gate }) => dependenciesValidator(gate),
  tests: ({ gate }) => testsValidator(gate),
}

export function createValidators(names: ReviewerName[], options: ValidatorOptions): Validator[] {
  return names.map((name) => makers[name](options))
}
