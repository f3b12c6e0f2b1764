import { issueByNumber } from '../issues.ts'
import type { IssueRecord } from '../records.ts'
import { issuePath } from './addresses.ts'
import { commentForm, type Refusal } from './comment-form.ts'
import { html, type Html } from './html.ts'
import { labelPart } from './label-form.ts'
import { isLive } from './live.ts'
import { nothingHere } from './nothing-here.ts'
import { stateOfIssue, stateTag, when, who } from './pieces.ts'
import { timelineOf } from './timeline.ts'
import { commentBox, timelineList } from './timeline-entries.ts'
import type { Reply, RepositoryVisit, ShowInRepository } from './visit.ts'

/** An issue, with all that happened to it. The number of a pull request leads to its own page. */
export const issuePage: ShowInRepository = (visit) => {
  const { world, repository, params } = visit
  const issue = issueByNumber(world, repository, Number(params['number']))
  if (issue === undefined) return nothingHere
  if (issue.isPull) return { kind: 'redirect', to: issuePath(repository, issue) }
  return issuePageWith(visit, issue, null)
}

/** The page, with what was wrong with the form that was sent from it. */
export function issuePageWith(visit: RepositoryVisit, issue: IssueRecord, refusal: Refusal | null): Reply {
  const { world, repository } = visit
  const main = html`${issueHead(visit, issue, html`opened ${when(issue.createdAt)}`)} ${descriptionBox(visit, issue)}
  ${timelineList(world, repository, timelineOf(world, repository, issue))} ${sidePart(visit, issue)}
  ${commentForm(visit, issue, refusal)}`
  const status = refusal?.status ?? 200
  return {
    kind: 'page',
    status,
    title: `${issue.title} #${issue.number}`,
    main,
    tab: 'issues',
    // What was refused stays to be read.
    live: refusal === null && isLive(world, repository),
  }
}

/** Title, number and state of an issue or pull request. */
export function issueHead({ world }: RepositoryVisit, issue: IssueRecord, more: Html): Html {
  return html`<div id="issue-head">
    <h1>${issue.title} <span class="quiet">#${issue.number}</span></h1>
    <p>${stateTag(stateOfIssue(world, issue))} ${who(world, issue.authorId)} ${more}</p>
  </div>`
}

/** What the author wrote first. */
export function descriptionBox({ world, repository }: RepositoryVisit, issue: IssueRecord): Html {
  const { id, body, authorId, createdAt } = issue
  return html`<div id="description">${commentBox(world, repository, { id, body, authorId, createdAt })}</div>`
}

/** What stands beside the conversation. */
export function sidePart(visit: RepositoryVisit, issue: IssueRecord, more: Html | null = null): Html {
  return html`<div id="side" data-parts>${labelPart(visit, issue)}${assignees(visit, issue)}${more}</div>`
}

function assignees({ world }: RepositoryVisit, { assigneeIds }: IssueRecord): Html | null {
  if (assigneeIds.length === 0) return null
  return html`<section id="assignees">
    <h2>Assigned to</h2>
    <p>${assigneeIds.map((id) => html`${who(world, id)} `)}</p>
  </section>`
}
