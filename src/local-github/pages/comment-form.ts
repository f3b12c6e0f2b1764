import type { IssueRecord } from '../records.ts'
import { may } from './actor.ts'
import { issuePath } from './addresses.ts'
import { html, type Html } from './html.ts'
import { alertOf, stateOfIssue } from './pieces.ts'
import type { RepositoryVisit } from './visit.ts'

/** Why a form was not taken, and the comment that was typed in it. */
export interface Refusal {
  status: number
  message: string
  typed: string
}

/** The form for a comment, with which whoever may also closes and opens again. */
export function commentForm(
  { world, repository, actor }: RepositoryVisit,
  issue: IssueRecord,
  refusal: Refusal | null,
): Html {
  if (actor === null) return html`<p id="comment-form">Nobody lives here yet who could comment.</p>`
  const state = stateOfIssue(world, issue)
  const maySort = issue.authorId === actor.id || may(world, repository, actor, issue.isPull ? 'write' : 'triage')
  const change = issue.state === 'open' ? 'close' : 'reopen'
  const noun = issue.isPull ? 'pull request' : 'issue'
  return html`<section id="comment-form">
    <h2>Comment as ${actor.login}</h2>
    ${alertOf(refusal?.message ?? null)}
    <form class="stack" method="post" action="${issuePath(repository, issue)}/comments">
      <label for="comment">Comment <span class="quiet">in Markdown</span></label>
      <textarea id="comment" name="body" rows="5">${refusal?.typed}</textarea>
      <p>
        <button class="main" name="do" value="comment">Comment</button>
        ${maySort && state !== 'merged' && html`<button name="do" value="${change}">${change === 'close' ? 'Close' : 'Reopen'} ${noun}</button>`}
      </p>
    </form>
  </section>`
}
