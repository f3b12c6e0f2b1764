import { refuse, type FieldError } from '../answers.ts'
import type { Answer, Call, World } from '../contract.ts'
import { pullByNumber } from '../pulls.ts'
import type { Pull } from '../views/pull.ts'

/** The pull request a path names. */
export function findPull(call: Call, world: World): Pull | undefined {
  return pullByNumber(world, call.repository, call.number('pull_number'))
}

/** 422 about a pull request, as GitHub words what no single field says. */
export function unprocessable(message: string): Answer {
  const error: FieldError = { resource: 'PullRequest', field: 'base', code: 'custom', message }
  return refuse(422, 'Validation Failed', [error])
}
