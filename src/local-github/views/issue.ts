import { authorAssociation } from '../access.ts'
import type { JsonObject, World } from '../contract.ts'
import { userById } from '../people.ts'
import type { IssueRecord, LabelRecord, RepositoryRecord } from '../records.ts'
import { viaAppView } from './app.ts'
import { labelView } from './label.ts'
import { rollup } from './reactions.ts'
import { repositoryPage, repositoryUrl } from './repository.ts'
import { nodeId, userView } from './user.ts'

export function repositoryOf(world: World, record: { repositoryId: number }): RepositoryRecord {
  const repository = world.store.get('repository', record.repositoryId)
  if (repository === undefined) throw new Error(`no repository has the id ${record.repositoryId}`)
  return repository
}

export function labelsOf(world: World, issue: IssueRecord): LabelRecord[] {
  return issue.labelIds.flatMap((id) => world.store.get('label', id) ?? [])
}

/** The page of an issue or a pull request. */
export function issuePage(world: World, repository: RepositoryRecord, issue: IssueRecord): string {
  return `${repositoryPage(world, repository)}/${issue.isPull ? 'pull' : 'issues'}/${issue.number}`
}

/** GitHub's `issue`, fit for REST and webhooks; of a pull request too, as the issues API shows it. */
export function issueView(world: World, issue: IssueRecord): JsonObject {
  const { store } = world
  const repository = repositoryOf(world, issue)
  const url = `${repositoryUrl(world, repository)}/issues/${issue.number}`
  const assignees = issue.assigneeIds.map((id) => userView(world, userById(store, id)))
  const comments = store.list('comment', repository.id).filter(({ issueId }) => issueId === issue.id).length
  return {
    id: issue.id,
    node_id: nodeId(issue.isPull ? 'PullRequest' : 'Issue', issue.id),
    url,
    repository_url: repositoryUrl(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: issuePage(world, repository, issue),
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: userView(world, userById(store, issue.authorId)),
    labels: labelsOf(world, issue).map((label) => labelView(world, repository, label)),
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    locked: issue.locked,
    active_lock_reason: null,
    comments,
    closed_at: issue.closedAt,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    author_association: authorAssociation(store, repository, issue.authorId),
    performed_via_github_app: viaAppView(world, issue.viaAppId),
    reactions: rollup(world, issue, url),
    ...pullPart(world, repository, issue),
  }
}

/** What only the issue of a pull request has. */
function pullPart(world: World, repository: RepositoryRecord, issue: IssueRecord): JsonObject {
  if (!issue.isPull) return {}
  const page = issuePage(world, repository, issue)
  const pull = world.store.get('pull', issue.id)
  return {
    draft: pull?.draft ?? false,
    pull_request: {
      url: `${repositoryUrl(world, repository)}/pulls/${issue.number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: pull?.mergedAt ?? null,
    },
  }
}
