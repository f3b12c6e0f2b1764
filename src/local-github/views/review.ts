import { authorAssociation } from '../access.ts'
import type { ReviewRecord } from '../code-records.ts'
import type { JsonObject, World } from '../contract.ts'
import { userById } from '../people.ts'
import type { RepositoryRecord } from '../records.ts'
import { repositoryPage, repositoryUrl } from './repository.ts'
import { nodeId, userView } from './user.ts'

/** GitHub's `pull-request-review`. Webhooks write the state in small letters. */
export function reviewView(
  world: World,
  repository: RepositoryRecord,
  number: number,
  review: ReviewRecord,
): JsonObject {
  const pull = `${repositoryUrl(world, repository)}/pulls/${number}`
  const page = `${repositoryPage(world, repository)}/pull/${number}#pullrequestreview-${review.id}`
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: userView(world, userById(world.store, review.userId)),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pull,
    author_association: authorAssociation(world.store, repository, review.userId),
    _links: { html: { href: page }, pull_request: { href: pull } },
    submitted_at: review.submittedAt,
    commit_id: review.commitSha,
  }
}
