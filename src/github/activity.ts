import { expecting } from './answers.ts'
import type { RepositoryConnection } from './client.ts'

/** A push to a branch: where it was before and after, and who made it. */
export type Push = { before: string; after: string; login: string | null }

const PAGE = 100

/**
 * The newest pushes to a branch, newest first, with whom GitHub knows as having made each ("List repository activities"): the
 * author and committer of a commit are only what its text says. `null` where a server keeps no such list.
 */
export async function pushesTo(at: RepositoryConnection, ref: string): Promise<Push[] | null> {
  const answer = await expecting([403, 404], () =>
    at.octokit.repos.listActivities({ owner: at.owner, repo: at.repo, ref, per_page: PAGE }),
  )
  if (!answer.ok) return null
  return answer.value.data.map(({ before, after, actor }) => ({ before, after, login: actor?.login ?? null }))
}
