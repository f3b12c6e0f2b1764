import { isObject, number } from '../json.ts'
import { repositoryPath } from './addresses.ts'
import { field } from './form.ts'
import { html, type Html } from './html.ts'
import { labelChoices } from './label-form.ts'
import { perform } from './perform.ts'
import { alertOf } from './pieces.ts'
import type { Reply, RepositoryVisit, ShowInRepository } from './visit.ts'

/** The form for an issue. */
export const newIssue: ShowInRepository = (visit) => formPage(visit, null, 200)

/** Opens an issue and leads to it; a refusal shows the form again with what was typed. */
export const openIssue: ShowInRepository = async (visit) => {
  const { form, repository } = visit
  const title = field(form, 'title').trim()
  const labels = field(form, 'labels')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (title === '') return formPage(visit, 'An issue needs a title.', 422)
  const done = await perform(visit, 'issues/create', { params: {}, body: { title, body: field(form, 'body'), labels } })
  if (!done.ok) return formPage(visit, done.message, done.status)
  const made = isObject(done.body) ? number(done.body['number']) : undefined
  return { kind: 'redirect', to: `${repositoryPath(repository)}/issues/${made ?? ''}` }
}

function formPage(visit: RepositoryVisit, refusal: string | null, status: number): Reply {
  const { actor } = visit
  const main = html`<h1 id="title-of-page">New issue</h1>
    ${alertOf(refusal)}
    ${actor === null ? html`<p id="nobody">Nobody lives here yet who could open one.</p>` : issueForm(visit)}`
  return { kind: 'page', status, title: 'New issue', main, tab: 'issues' }
}

function issueForm({ world, repository, form }: RepositoryVisit): Html {
  return html`<form id="new-issue" class="stack" method="post" action="${repositoryPath(repository)}/issues">
    <label for="title">Title</label>
    <input id="title" name="title" required maxlength="256" autocomplete="off" value="${field(form, 'title')}" />
    <label for="body">Description <span class="quiet">in Markdown</span></label>
    <textarea id="body" name="body" rows="12">${field(form, 'body')}</textarea>
    <label for="labels">Labels <span class="quiet">separated by commas; may be empty</span></label>
    <input id="labels" name="labels" list="label-choices" autocomplete="off" value="${field(form, 'labels')}" />
    ${labelChoices(world, repository, [])}
    <p><button class="main">Open issue</button></p>
  </form>`
}
