import { contextsOf, needsPullRequest, protectionOf } from './requirements.ts'
import type { World } from './contract.ts'
import type { RefChange } from './git/contract.ts'
import type { RepositoryRecord } from './records.ts'

/** Why rules refuse a direct change of a ref, in GitHub's words; null when they allow it. Merges ask requirements.ts. */
export function guardRef(
  world: World,
  repository: RepositoryRecord,
  { name, before, after, forced }: RefChange & { forced: boolean },
): string | null {
  const branch = /^refs\/heads\/(.+)$/.exec(name)?.[1]
  if (branch === undefined || before === null) return null
  if (after !== null && needsPullRequest(world, repository, branch)) {
    return `Repository rule violations found for ${name}.\n\nChanges must be made through a pull request.`
  }
  const protection = protectionOf(world, repository, branch)
  if (protection === undefined) return null
  const refused = (why: string): string => `Protected branch update failed for ${name}.\n\n${why}`
  if (after === null) return refused('Cannot delete this protected branch')
  if (forced) return refused('Cannot force-push to this protected branch')
  if (protection.requiredReviews > 0) return refused('Changes must be made through a pull request.')
  const contexts = contextsOf(world, repository, after)
  const open = protection.requiredChecks.filter((check) => contexts.get(check) !== 'success')
  return open.length === 0 ? null : refused(`Required status check "${open[0] ?? ''}" is expected.`)
}
