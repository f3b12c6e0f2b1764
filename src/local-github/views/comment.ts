import { authorAssociation } from '../access.ts'
import type { JsonObject, World } from '../contract.ts'
import { userById } from '../people.ts'
import type { CommentRecord, IssueRecord } from '../records.ts'
import { viaAppView } from './app.ts'
import { issuePage, repositoryOf } from './issue.ts'
import { rollup } from './reactions.ts'
import { repositoryUrl } from './repository.ts'
import { nodeId, userView } from './user.ts'

/** GitHub's `issue-comment`, fit for REST and webhooks. */
export function commentView(world: World, issue: IssueRecord, comment: CommentRecord): JsonObject {
  const repository = repositoryOf(world, comment)
  const url = `${repositoryUrl(world, repository)}/issues/comments/${comment.id}`
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url,
    html_url: `${issuePage(world, repository, issue)}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(world, repository)}/issues/${issue.number}`,
    body: comment.body,
    user: userView(world, userById(world.store, comment.authorId)),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: authorAssociation(world.store, repository, comment.authorId),
    performed_via_github_app: viaAppView(world, comment.viaAppId),
    reactions: rollup(world, comment, url),
  }
}
