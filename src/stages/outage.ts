import { GitFailure } from '../git/failure.ts'
import { isGitHubAway } from '../github/answers.ts'

/** Whether an error says that GitHub is out of reach for a while, by its API or by git: worth waiting for. */
export function isOutage(error: unknown): boolean {
  // Probot gathers what its handlers throw.
  if (error instanceof AggregateError) return error.errors.some(isOutage)
  return error instanceof GitFailure || isGitHubAway(error)
}
