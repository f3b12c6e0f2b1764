import type { ReviewerName } from '../config/risk.ts'
import { dependenciesValidator } from './dependencies.ts'
import { fidelityValidator } from './fidelity.ts'
import { protectedPathsValidator } from './protected-paths.ts'
import { secretsValidator } from './secrets.ts'
import { testsValidator } from './tests.ts'
import { reviewValidator, type Opinion } from './review.ts'
import type { Validator, ValidatorOptions } from './validator.ts'

/** People say what they have to say in the pull request itself. */
type Asked = Exclude<ReviewerName, 'humans'>

type Options = ValidatorOptions & { opinion: () => Promise<Opinion> }

const makers: Record<Asked, (options: Options) => Validator> = {
  secrets: ({ gate }) => secretsValidator(gate),
  'protected-paths': protectedPathsValidator,
  fidelity: ({ gate }) => fidelityValidator(gate),
  dependencies: ({ gate }) => dependenciesValidator(gate),
  tests: ({ gate }) => testsValidator(gate),
  review: ({ gate, opinion }) => reviewValidator(gate, opinion),
}

export function createValidators(names: ReviewerName[], options: Options): Validator[] {
  return names.flatMap((name) => (name === 'humans' ? [] : [makers[name](options)]))
}
