import type { World } from '../contract.ts'
import type { IssueRecord, RepositoryRecord } from '../records.ts'
import { labelsOf, repositoryOf } from '../views/issue.ts'
import { issuePath, repositoryPath } from './addresses.ts'
import { html, type Html } from './html.ts'
import { isLive } from './live.ts'
import { counted, labelTag, stateOfIssue, stateTag, when, who } from './pieces.ts'
import type { RepositoryVisit, Reply, ShowInRepository } from './visit.ts'

export const issueList: ShowInRepository = (visit) => {
  const { world, repository } = visit
  const add = html`<p><a class="button" href="${repositoryPath(repository)}/issues/new">New issue</a></p>`
  const issues = world.store.list('issue', repository.id).filter(({ isPull }) => !isPull)
  return listPage(visit, 'issues', 'Issues', issues, add)
}

export const pullList: ShowInRepository = (visit) => {
  const { world, repository } = visit
  const pulls = world.store.list('issue', repository.id).filter(({ isPull }) => isPull)
  return listPage(visit, 'pulls', 'Pull requests', pulls, null)
}

function listPage(
  { world, repository, url }: RepositoryVisit,
  tab: 'issues' | 'pulls',
  title: string,
  all: readonly IssueRecord[],
  add: Html | null,
): Reply {
  const closed = url.searchParams.get('state') === 'closed'
  const [open, done] = [all.filter(({ state }) => state === 'open'), all.filter(({ state }) => state === 'closed')]
  const here = `${repositoryPath(repository)}/${tab}`
  const choice = (path: string, current: boolean, text: string): Html =>
    html`<a href="${path}" ${current && html` aria-current="page"`}>${text}</a>`
  const main = html`<div id="list-head" class="head">
      <h1>${title}</h1>
      ${add}
    </div>
    <p id="choice" class="choice">
      ${choice(here, !closed, `${open.length} open`)} ${choice(`${here}?state=closed`, closed, `${done.length} closed`)}
    </p>
    <div id="list">${issueRows(world, (closed ? done : open).toReversed())}</div>`
  return { kind: 'page', title, main, tab, live: isLive(world, repository) }
}

/** Issues and pull requests, one a row. */
export function issueRows(world: World, issues: readonly IssueRecord[]): Html {
  if (issues.length === 0) return html`<p class="none">There is nothing here.</p>`
  return html`<ul class="rows">
    ${issues.map((issue) => issueRow(world, repositoryOf(world, issue), issue))}
  </ul>`
}

function issueRow(world: World, repository: RepositoryRecord, issue: IssueRecord): Html {
  const comments = world.store.list('comment', repository.id).filter(({ issueId }) => issueId === issue.id).length
  return html`<li>
    ${stateTag(stateOfIssue(world, issue))}
    <a href="${issuePath(repository, issue)}"><strong>${issue.title}</strong></a>
    ${labelsOf(world, issue).map(labelTag)}
    <span class="quiet"
      >#${issue.number}, opened by ${who(world, issue.authorId)} ${when(issue.createdAt)},
      ${counted(comments, 'comment')}</span
    >
  </li>`
}
