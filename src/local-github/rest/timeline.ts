import { notFound, paged } from '../answers.ts'
import type { Handler, Handlers, JsonObject, World } from '../contract.ts'
import { userById } from '../people.ts'
import type { CommentRecord, IssueEventRecord, IssueRecord } from '../records.ts'
import { commentView } from '../views/comment.ts'
import { issueEventView } from '../views/issue-event.ts'
import { userView } from '../views/user.ts'
import { findIssue } from './issues.ts'

function eventsOf(world: World, issue: IssueRecord): IssueEventRecord[] {
  return world.store.list('issueEvent', issue.repositoryId).filter(({ issueId }) => issueId === issue.id)
}

const events: Handler = (call, world) => {
  const issue = findIssue(call, world)
  return issue === undefined ? notFound() : paged(call, eventsOf(world, issue), (event) => issueEventView(world, event))
}

function commentInTimeline(world: World, issue: IssueRecord, comment: CommentRecord): JsonObject {
  const actor = userView(world, userById(world.store, comment.authorId))
  return { event: 'commented', actor, ...commentView(world, issue, comment) }
}

/** Events and comments in the order they happened; ids grow with time, to the second times tie. */
const timeline: Handler = (call, world) => {
  const issue = findIssue(call, world)
  if (issue === undefined) return notFound()
  const comments = world.store.list('comment', issue.repositoryId).filter(({ issueId }) => issueId === issue.id)
  const entries: (IssueEventRecord | CommentRecord)[] = [...eventsOf(world, issue), ...comments]
  return paged(
    call,
    entries.toSorted((one, other) => one.id - other.id),
    (entry) => ('event' in entry ? issueEventView(world, entry) : commentInTimeline(world, issue, entry)),
  )
}

export const timelines: Handlers = {
  'issues/list-events': events,
  'issues/list-events-for-timeline': timeline,
}
