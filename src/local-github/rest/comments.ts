import { answer, invalid, notFound, paged, refuse } from '../answers.ts'
import type { Answer, Call, Handler, Handlers, JsonObject, World } from '../contract.ts'
import { saveIssue } from '../issues.ts'
import { text } from '../json.ts'
import type { CommentRecord, IssueRecord } from '../records.ts'
import { commentView } from '../views/comment.ts'
import { issueView } from '../views/issue.ts'
import { bodyFault, findIssue, mayChange } from './issues.ts'

interface Found {
  comment: CommentRecord
  issue: IssueRecord
}

/** The comment a path names, with its issue. */
export function findComment(call: Call, world: World): Found | undefined {
  const comment = world.store.get('comment', call.number('comment_id'))
  const issue = comment === undefined ? undefined : world.store.get('issue', comment.issueId)
  if (comment === undefined || issue === undefined || comment.repositoryId !== call.repository.id) return undefined
  return { comment, issue }
}

function tell(call: Call, world: World, { comment, issue }: Found, action: string, more: JsonObject = {}): void {
  world.emit({
    event: 'issue_comment',
    action,
    repository: call.repository,
    sender: call.actor,
    payload: { issue: issueView(world, issue), comment: commentView(world, issue, comment), ...more },
    byWorkflow: call.byWorkflow,
  })
}

function faultOf(body: string): Answer | null {
  const resource = 'IssueComment'
  if (body.trim() === '') return invalid({ resource, field: 'body', code: 'custom', message: 'Body cannot be blank' })
  return bodyFault(resource, body)
}

const create: Handler = (call, world) => {
  const issue = findIssue(call, world)
  if (issue === undefined) return notFound()
  const body = text(call.body['body']) ?? ''
  const fault = faultOf(body)
  if (fault !== null) return fault
  const now = world.now()
  const comment = world.store.put('comment', {
    id: world.id(),
    repositoryId: call.repository.id,
    issueId: issue.id,
    body,
    authorId: call.actor.id,
    viaAppId: call.viaApp?.id ?? null,
    createdAt: now,
    updatedAt: now,
  })
  const touched = saveIssue(world, issue)
  tell(call, world, { comment, issue: touched }, 'created')
  return answer(201, commentView(world, touched, comment))
}

const update: Handler = (call, world) => {
  const found = findComment(call, world)
  if (found === undefined) return notFound()
  const { comment, issue } = found
  if (!mayChange(call, world, comment.authorId, 'write')) return refuse(403, 'Must have admin rights to Repository.')
  const body = text(call.body['body']) ?? ''
  const fault = faultOf(body)
  if (fault !== null) return fault
  if (body === comment.body) return answer(200, commentView(world, issue, comment))
  const edited = world.store.put('comment', { ...comment, body, updatedAt: world.now() })
  tell(call, world, { comment: edited, issue }, 'edited', { changes: { body: { from: comment.body } } })
  return answer(200, commentView(world, issue, edited))
}

const remove: Handler = (call, world) => {
  const found = findComment(call, world)
  if (found === undefined) return notFound()
  const { comment } = found
  if (!mayChange(call, world, comment.authorId, 'write')) return refuse(403, 'Must have admin rights to Repository.')
  world.store.remove('comment', comment.id)
  tell(call, world, found, 'deleted')
  return answer(204)
}

const get: Handler = (call, world) => {
  const found = findComment(call, world)
  return found === undefined ? notFound() : answer(200, commentView(world, found.issue, found.comment))
}

/** Comments touched at or after the query's `since`. */
function recent(call: Call, comments: CommentRecord[]): CommentRecord[] {
  const since = text(call.query['since'])
  return since === undefined ? comments : comments.filter(({ updatedAt }) => Date.parse(updatedAt) >= Date.parse(since))
}

const listForIssue: Handler = (call, world) => {
  const issue = findIssue(call, world)
  if (issue === undefined) return notFound()
  const comments = world.store.list('comment', call.repository.id).filter(({ issueId }) => issueId === issue.id)
  return paged(call, recent(call, comments), (comment) => commentView(world, issue, comment))
}

const listForRepo: Handler = (call, world) => {
  const comments = recent(call, world.store.list('comment', call.repository.id))
  const key = call.query['sort'] === 'updated' ? 'updatedAt' : 'createdAt'
  const ascending = comments.toSorted((one, other) => one[key].localeCompare(other[key]) || one.id - other.id)
  const ordered = call.query['direction'] === 'desc' ? ascending.toReversed() : ascending
  return paged(call, ordered, (comment) => {
    const issue = world.store.get('issue', comment.issueId)
    if (issue === undefined) throw new Error(`the comment ${comment.id} has no issue`)
    return commentView(world, issue, comment)
  })
}

export const comments: Handlers = {
  'issues/create-comment': create,
  'issues/update-comment': update,
  'issues/delete-comment': remove,
  'issues/get-comment': get,
  'issues/list-comments': listForIssue,
  'issues/list-comments-for-repo': listForRepo,
}
