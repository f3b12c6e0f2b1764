import type { Deed, JsonObject, World } from './contract.ts'
import { emitPull, type PullAction } from './pulls.ts'
import type { IssueEventRecord, IssueRecord, RepositoryRecord } from './records.ts'
import { issueView } from './views/issue.ts'

/*
 * Issues, and the issue half of pull requests: what both APIs do to them. Every function works without an `await`, so
 * that record, event and webhook are one.
 */

export function issueByNumber(world: World, repository: RepositoryRecord, number: number): IssueRecord | undefined {
  return world.store.list('issue', repository.id).find((issue) => issue.number === number)
}

/** A new record with the repository's next number. It has no labels and nobody is told yet. */
export function newIssue(
  world: World,
  deed: Deed,
  given: { title: string; body: string | null; isPull: boolean },
): IssueRecord {
  const now = world.now()
  return world.store.put('issue', {
    id: world.id(),
    repositoryId: deed.repository.id,
    number: world.store.next(`number ${deed.repository.id}`),
    ...given,
    authorId: deed.actor.id,
    viaAppId: deed.viaApp?.id ?? null,
    state: 'open',
    stateReason: null,
    locked: false,
    labelIds: [],
    assigneeIds: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedById: null,
  })
}

/** Puts a changed issue with a new `updatedAt`. */
export function saveIssue(world: World, issue: IssueRecord, changes: Partial<IssueRecord> = {}): IssueRecord {
  return world.store.put('issue', { ...issue, ...changes, updatedAt: world.now() })
}

/** Adds to the events of an issue. */
export function recordEvent(
  world: World,
  deed: Deed,
  issue: IssueRecord,
  event: Pick<IssueEventRecord, 'event' | 'label' | 'rename' | 'subjectUserId' | 'commitSha'>,
): void {
  world.store.put('issueEvent', {
    id: world.id(),
    repositoryId: issue.repositoryId,
    issueId: issue.id,
    actorId: deed.actor.id,
    viaAppId: deed.viaApp?.id ?? null,
    createdAt: world.now(),
    ...event,
  })
}

/** Actions that issues and pull requests have in common. */
type IssueAction = PullAction & ('opened' | 'edited' | 'labeled' | 'unlabeled' | 'assigned' | 'closed' | 'reopened')

/** The webhook `issues` or `pull_request` with this action, whichever the record is. */
export function emitIssue(
  world: World,
  deed: Deed,
  issue: IssueRecord,
  action: IssueAction,
  more: JsonObject = {},
): void {
  const { repository, actor, byWorkflow } = deed
  if (issue.isPull) {
    emitPull(world, deed, issue.id, action, more)
    return
  }
  const payload = { issue: issueView(world, issue), ...more }
  world.emit({ event: 'issues', action, repository, sender: actor, byWorkflow, payload })
}
