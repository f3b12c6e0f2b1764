import { atLeast, roleOf } from '../access.ts'
import { answer, invalid, notFound, paged, refuse, type FieldError } from '../answers.ts'
import type { Answer, Call, Handler, Handlers, Json, World } from '../contract.ts'
import { addAssignees, addLabels, editIssue, setAssignees, setLabels, setState } from '../issue-changes.ts'
import { emitIssue, issueByNumber, newIssue } from '../issues.ts'
import { isObject, list, number, text } from '../json.ts'
import type { Role } from '../openapi/operations.ts'
import { userById, userByLogin } from '../people.ts'
import type { IssueRecord, UserRecord } from '../records.ts'
import { issueView } from '../views/issue.ts'
import { userView } from '../views/user.ts'
import { filterIssues } from './issue-filter.ts'

const LONGEST_BODY = 65_536
const LONGEST_TITLE = 256

/** The issue a path names. */
export function findIssue(call: Call, world: World): IssueRecord | undefined {
  return issueByNumber(world, call.repository, call.number('issue_number'))
}

/** An app was let in by its permissions; a person needs the role, or to have written it. */
export function mayChange(call: Call, world: World, authorId: number, role: Role): boolean {
  if (call.caller.kind !== 'person' || authorId === call.actor.id) return true
  return atLeast(roleOf(world.store, call.repository, call.actor.id), role)
}

/** Names from a list that holds names, or objects with one. */
export function namesIn(value: Json | undefined, key: 'name' | 'login'): string[] | undefined {
  return list(value)?.map((item) => text(isObject(item) ? item[key] : item) ?? '')
}

/** What is wrong with a body, in GitHub's words; null when nothing is. */
export function bodyFault(resource: string, body: string | null): Answer | null {
  if (body === null || body.length <= LONGEST_BODY) return null
  const message = `body is too long (maximum is ${LONGEST_BODY} characters)`
  return invalid({ resource, field: 'body', code: 'custom', message })
}

/** A number is a title too. */
function titleIn(body: Call['body']): string | undefined {
  return text(body['title']) ?? number(body['title'])?.toString()
}

function titleFault(title: string): Answer | null {
  const fault = (code: FieldError['code'], message?: string): Answer =>
    invalid({ resource: 'Issue', field: 'title', code, ...(message === undefined ? {} : { message }) })
  if (title.trim() === '') return fault('missing_field')
  if (title.length > LONGEST_TITLE) return fault('custom', `title is too long (maximum is ${LONGEST_TITLE} characters)`)
  return null
}

/** The people of `assignees` or the older `assignee`; those that do not exist are the fault, as on GitHub. */
function assigneesIn(call: Call, world: World): { users: UserRecord[] | undefined; fault: Answer | null } {
  const single = text(call.body['assignee'])
  const logins = namesIn(call.body['assignees'], 'login') ?? (single === undefined ? undefined : [single])
  const users = logins?.map((login) => userByLogin(world.store, login))
  const fault = users?.includes(undefined) ? invalid({ resource: 'Issue', field: 'assignees', code: 'invalid' }) : null
  return { users: users?.filter((user) => user !== undefined), fault }
}

const create: Handler = (call, world) => {
  const { body } = call
  const title = titleIn(body) ?? ''
  const bodyText = text(body['body']) ?? null
  const { users = [], fault } = assigneesIn(call, world)
  const wrong = titleFault(title) ?? bodyFault('Issue', bodyText) ?? fault
  if (wrong !== null) return wrong
  const issue = newIssue(world, call, { title, body: bodyText, isPull: false })
  emitIssue(world, call, issue, 'opened')
  // Whoever may only read gets an issue without labels and assignees, as on GitHub.
  const sorts = mayChange(call, world, call.repository.ownerId, 'triage')
  const labelled = addLabels(world, call, issue, sorts ? (namesIn(body['labels'], 'name') ?? []) : [])
  const done = addAssignees(world, call, labelled, sorts ? users : [])
  return answer(201, issueView(world, done))
}

const update: Handler = (call, world) => {
  const issue = findIssue(call, world)
  if (issue === undefined) return notFound()
  const { body } = call
  const refusal = refuseUpdate(call, world, issue)
  if (refusal !== null) return refusal
  const { users, fault } = assigneesIn(call, world)
  const title = titleIn(body) ?? issue.title
  const bodyText = body['body'] === undefined ? issue.body : (text(body['body']) ?? null)
  const wrong = titleFault(title) ?? bodyFault('Issue', bodyText) ?? fault
  if (wrong !== null) return wrong

  let so = editIssue(world, call, issue, { title, body: bodyText })
  const labels = namesIn(body['labels'], 'name')
  if (labels !== undefined) so = setLabels(world, call, so, labels)
  if (users !== undefined) so = setAssignees(world, call, so, users)
  const state = text(body['state'])
  const reason = text(body['state_reason']) as IssueRecord['stateReason'] | undefined
  if (state === 'open' || state === 'closed') so = setState(world, call, so, state, { reason })
  return answer(200, issueView(world, so))
}

function refuseUpdate(call: Call, world: World, issue: IssueRecord): Answer | null {
  const { body } = call
  const sorts = body['labels'] !== undefined || body['assignees'] !== undefined || body['assignee'] !== undefined
  const role: Role = body['title'] !== undefined || body['body'] !== undefined ? 'write' : 'triage'
  // An author may edit and close an own issue, but not sort it.
  const authorId = sorts ? call.repository.ownerId : issue.authorId
  return mayChange(call, world, authorId, role) ? null : refuse(403, 'Must have admin rights to Repository.')
}

const get: Handler = (call, world) => {
  const issue = findIssue(call, world)
  if (issue === undefined) return notFound()
  const { closedById } = issue
  const by = closedById === null ? null : userView(world, userById(world.store, closedById))
  return answer(200, { ...issueView(world, issue), closed_by: by })
}

const listForRepo: Handler = (call, world) => paged(call, filterIssues(call, world), (issue) => issueView(world, issue))

const assign: Handler = (call, world) => {
  const issue = findIssue(call, world)
  if (issue === undefined) return notFound()
  // Unknown people are silently left out here, as GitHub does.
  const logins = namesIn(call.body['assignees'], 'login') ?? []
  const users = logins.flatMap((login) => userByLogin(world.store, login) ?? [])
  return answer(201, issueView(world, addAssignees(world, call, issue, users)))
}

export const issues: Handlers = {
  'issues/create': create,
  'issues/update': update,
  'issues/get': get,
  'issues/list-for-repo': listForRepo,
  'issues/add-assignees': assign,
}
