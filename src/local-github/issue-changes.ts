import type { Deed, JsonObject, World } from './contract.ts'
import { emitIssue, recordEvent, saveIssue } from './issues.ts'
import { createLabel, labelByName } from './labels.ts'
import type { IssueRecord, LabelRecord, UserRecord } from './records.ts'
import { labelsOf } from './views/issue.ts'
import { labelView } from './views/label.ts'
import { userView } from './views/user.ts'

/*
 * Changes of issues and of the issue half of pull requests, each with its events and webhooks. All give the issue as it
 * then is; what changes nothing tells nobody.
 */

/** Changes title and body; `edited` carries what they were. */
export function editIssue(
  world: World,
  deed: Deed,
  issue: IssueRecord,
  texts: { title?: string | undefined; body?: string | null | undefined },
): IssueRecord {
  const changes: JsonObject = {}
  const { title = issue.title, body = issue.body } = texts
  if (title !== issue.title) {
    changes['title'] = { from: issue.title }
    recordEvent(world, deed, issue, { event: 'renamed', rename: { from: issue.title, to: title } })
  }
  if (body !== issue.body) changes['body'] = { from: issue.body ?? '' }
  if (Object.keys(changes).length === 0) return issue
  const edited = saveIssue(world, issue, { title, body })
  emitIssue(world, deed, edited, 'edited', { changes })
  return edited
}

/** Closes or opens again. `commitSha` is the commit that did it. */
export function setState(
  world: World,
  deed: Deed,
  issue: IssueRecord,
  state: IssueRecord['state'],
  options: { reason?: IssueRecord['stateReason'] | undefined; commitSha?: string } = {},
): IssueRecord {
  if (state === issue.state) return issue
  const closing = state === 'closed'
  const reason = options.reason ?? (closing ? 'completed' : 'reopened')
  const changed = saveIssue(world, issue, {
    state,
    stateReason: issue.isPull ? null : reason,
    closedAt: closing ? world.now() : null,
    closedById: closing ? deed.actor.id : null,
  })
  const by = options.commitSha === undefined ? {} : { commitSha: options.commitSha }
  recordEvent(world, deed, changed, { event: closing ? 'closed' : 'reopened', ...by })
  emitIssue(world, deed, changed, closing ? 'closed' : 'reopened')
  return changed
}

/** Puts labels on, making those the repository does not have yet. */
export function addLabels(world: World, deed: Deed, issue: IssueRecord, names: readonly string[]): IssueRecord {
  return names.reduce((so, name) => {
    const label = labelByName(world, deed.repository, name) ?? createLabel(world, deed, { name })
    if (so.labelIds.includes(label.id)) return so
    const changed = saveIssue(world, so, { labelIds: [...so.labelIds, label.id] })
    return tellLabel(world, deed, changed, label, 'labeled')
  }, issue)
}

export function removeLabels(
  world: World,
  deed: Deed,
  issue: IssueRecord,
  labels: readonly LabelRecord[],
): IssueRecord {
  return labels.reduce((so, label) => {
    if (!so.labelIds.includes(label.id)) return so
    const changed = saveIssue(world, so, { labelIds: so.labelIds.filter((id) => id !== label.id) })
    return tellLabel(world, deed, changed, label, 'unlabeled')
  }, issue)
}

/** Makes these, and no others, the labels. */
export function setLabels(world: World, deed: Deed, issue: IssueRecord, names: readonly string[]): IssueRecord {
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  const superfluous = labelsOf(world, issue).filter(({ name }) => !wanted.has(name.toLowerCase()))
  return addLabels(world, deed, removeLabels(world, deed, issue, superfluous), names)
}

function tellLabel(
  world: World,
  deed: Deed,
  issue: IssueRecord,
  label: LabelRecord,
  event: 'labeled' | 'unlabeled',
): IssueRecord {
  const { name, color } = label
  recordEvent(world, deed, issue, { event, label: { name, color } })
  emitIssue(world, deed, issue, event, { label: labelView(world, deed.repository, label) })
  return issue
}

export function addAssignees(world: World, deed: Deed, issue: IssueRecord, users: readonly UserRecord[]): IssueRecord {
  return users.reduce((so, user) => {
    if (so.assigneeIds.includes(user.id)) return so
    const changed = saveIssue(world, so, { assigneeIds: [...so.assigneeIds, user.id] })
    recordEvent(world, deed, changed, { event: 'assigned', subjectUserId: user.id })
    emitIssue(world, deed, changed, 'assigned', { assignee: userView(world, user) })
    return changed
  }, issue)
}

/** Makes these, and no others, the assignees. Webhooks of `unassigned` are not among those sent. */
export function setAssignees(world: World, deed: Deed, issue: IssueRecord, users: readonly UserRecord[]): IssueRecord {
  const kept = issue.assigneeIds.filter((id) => users.some((user) => user.id === id))
  for (const id of issue.assigneeIds) {
    if (!kept.includes(id)) recordEvent(world, deed, issue, { event: 'unassigned', subjectUserId: id })
  }
  const reduced = kept.length === issue.assigneeIds.length ? issue : saveIssue(world, issue, { assigneeIds: kept })
  return addAssignees(world, deed, reduced, users)
}
