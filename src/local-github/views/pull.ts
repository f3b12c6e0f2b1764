import { authorAssociation } from '../access.ts'
import type { PullRecord } from '../code-records.ts'
import type { JsonObject, World } from '../contract.ts'
import { userById } from '../people.ts'
import { mergeableState } from '../requirements.ts'
import type { IssueRecord, RepositoryRecord } from '../records.ts'
import { labelView } from './label.ts'
import { repositoryPage, repositoryUrl, repositoryView } from './repository.ts'
import { nodeId, userView } from './user.ts'

/** Both halves of a pull request. */
export interface Pull {
  issue: IssueRecord
  pull: PullRecord
}

/** GitHub's `pull-request-simple`, as lists show it. */
export function simplePullView(world: World, repository: RepositoryRecord, { issue, pull }: Pull): JsonObject {
  const url = repositoryUrl(world, repository)
  const own = `${url}/pulls/${issue.number}`
  const page = `${repositoryPage(world, repository)}/pull/${issue.number}`
  const owner = userById(world.store, repository.ownerId)
  const person = (id: number): JsonObject => userView(world, userById(world.store, id))
  const side = (ref: string, sha: string): JsonObject => ({
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: userView(world, owner),
    repo: repositoryView(world, repository),
  })
  const links = {
    self: own,
    html: page,
    issue: `${url}/issues/${issue.number}`,
    comments: `${url}/issues/${issue.number}/comments`,
    review_comments: `${own}/comments`,
    review_comment: `${own}/comments{/number}`,
    commits: `${own}/commits`,
    statuses: `${url}/statuses/${pull.headSha}`,
  }
  const labels = issue.labelIds.map((id) => world.store.get('label', id)).filter((label) => label !== undefined)
  const [firstAssignee = null] = issue.assigneeIds
  return {
    url: own,
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: links.issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: person(issue.authorId),
    body: issue.body,
    labels: labels.map((label) => labelView(world, repository, label)),
    milestone: null,
    active_lock_reason: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: firstAssignee === null ? null : person(firstAssignee),
    assignees: issue.assigneeIds.map(person),
    requested_reviewers: pull.requestedReviewerIds.map(person),
    requested_teams: [],
    head: side(pull.headRef, pull.headSha),
    base: side(pull.baseRef, pull.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: authorAssociation(world.store, repository, issue.authorId),
    auto_merge: null,
    draft: pull.draft,
  }
}

/** GitHub's `pull-request`, whole. */
export function pullView(world: World, repository: RepositoryRecord, both: Pull): JsonObject {
  const { issue, pull } = both
  const comments = world.store.list('comment', repository.id).filter(({ issueId }) => issueId === issue.id)
  return {
    ...simplePullView(world, repository, both),
    merged: pull.merged,
    mergeable: issue.state === 'open' ? pull.mergeable : null,
    rebaseable: issue.state === 'open' ? pull.mergeable : null,
    mergeable_state: mergeableState(world, repository, both),
    merged_by: pull.mergedById === null ? null : userView(world, userById(world.store, pull.mergedById)),
    comments: comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: pull.size.commits,
    additions: pull.size.additions,
    deletions: pull.size.deletions,
    changed_files: pull.size.changedFiles,
  }
}

/** GitHub's `pull-request-minimal`, as checks and runs name the pull requests of their head. */
export function minimalPullView(world: World, repository: RepositoryRecord, { issue, pull }: Pull): JsonObject {
  const url = repositoryUrl(world, repository)
  const repo = { id: repository.id, url, name: repository.name }
  return {
    id: pull.id,
    number: issue.number,
    url: `${url}/pulls/${issue.number}`,
    head: { ref: pull.headRef, sha: pull.headSha, repo },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo },
  }
}
