import type { JsonObject } from '../contract.ts'
import { isObject, number } from '../json.ts'
import { issueByNumber } from '../issues.ts'
import type { IssueRecord } from '../records.ts'
import { issuePath } from './addresses.ts'
import type { Refusal } from './comment-form.ts'
import { field } from './form.ts'
import { issuePageWith } from './issue.ts'
import { nothingHere } from './nothing-here.ts'
import { perform, type Performed } from './perform.ts'
import { pullPageWith } from './pull.ts'
import type { Reply, RepositoryVisit, ShowInRepository } from './visit.ts'

/** Takes the comment form: a comment, a close or reopening, or both. */
export const comment: ShowInRepository = async (visit) => {
  const issue = issueOf(visit)
  if (issue === undefined) return nothingHere
  const body = field(visit.form, 'body')
  const wanted = field(visit.form, 'do')
  const params = { issue_number: issue.number }
  let anchor = ''
  if (body.trim() !== '') {
    const done = await perform(visit, 'issues/create-comment', { params, body: { body } })
    if (!done.ok) return shownAgain(visit, issue, { ...done, typed: body })
    anchor = isObject(done.body) ? `#issuecomment-${number(done.body['id']) ?? ''}` : ''
  } else if (wanted === 'comment') {
    return shownAgain(visit, issue, { status: 422, message: 'A comment needs a text.', typed: '' })
  }
  if (wanted === 'close' || wanted === 'reopen') {
    const done = await setState(visit, issue, { state: wanted === 'close' ? 'closed' : 'open' })
    if (!done.ok) return shownAgain(visit, issue, { ...done, typed: '' })
  }
  return { kind: 'redirect', to: `${issuePath(visit.repository, issue)}${anchor}` }
}

function setState(visit: RepositoryVisit, issue: IssueRecord, body: JsonObject): Promise<Performed> {
  // Opening a pull request again asks more than opening an issue: its branches must be there.
  if (issue.isPull) return perform(visit, 'pulls/update', { params: { pull_number: issue.number }, body })
  return perform(visit, 'issues/update', { params: { issue_number: issue.number }, body })
}

/** Takes the forms that put a label on or take it off. */
export const changeLabels: ShowInRepository = async (visit) => {
  const issue = issueOf(visit)
  if (issue === undefined) return nothingHere
  const [add, remove] = [field(visit.form, 'add').trim(), field(visit.form, 'remove')]
  const params = { issue_number: issue.number }
  const done =
    remove === ''
      ? await perform(visit, 'issues/add-labels', { params, body: { labels: add === '' ? [] : [add] } })
      : await perform(visit, 'issues/remove-label', { params: { ...params, name: remove } })
  return done.ok
    ? { kind: 'redirect', to: issuePath(visit.repository, issue) }
    : shownAgain(visit, issue, { ...done, typed: '' })
}

function issueOf({ world, repository, params }: RepositoryVisit): IssueRecord | undefined {
  return issueByNumber(world, repository, Number(params['number']))
}

/** The page with the refusal and what was typed. */
async function shownAgain(visit: RepositoryVisit, issue: IssueRecord, refusal: Refusal): Promise<Reply> {
  return issue.isPull ? pullPageWith(visit, issue, refusal) : issuePageWith(visit, issue, refusal)
}
