import type { World } from '../contract.ts'
import type { IssueRecord, LabelRecord, RepositoryRecord } from '../records.ts'
import { labelsOf } from '../views/issue.ts'
import { issuePath } from './addresses.ts'
import { may } from './actor.ts'
import { html, type Html } from './html.ts'
import { labelTag } from './pieces.ts'
import type { RepositoryVisit } from './visit.ts'

/** The repository's labels, for a field to choose from. */
export function labelChoices(world: World, repository: RepositoryRecord, without: readonly LabelRecord[]): Html {
  const names = world.store
    .list('label', repository.id)
    .filter(({ id }) => !without.some((label) => label.id === id))
    .map(({ name }) => html`<option value="${name}"></option>`)
  return html`<datalist id="label-choices">${names}</datalist>`
}

/** An issue's labels; who may change them gets the buttons for it. */
export function labelPart({ world, repository, actor }: RepositoryVisit, issue: IssueRecord): Html {
  const labels = labelsOf(world, issue)
  if (!may(world, repository, actor, 'triage')) {
    return html`<section id="labels">
      <h2>Labels</h2>
      <p>${labels.length === 0 ? 'None.' : labels.map(labelTag)}</p>
    </section>`
  }
  const removable = labels.map((label) => {
    const name = `Remove the label ${label.name}`
    return html`<li>
      ${labelTag(label)}<button name="remove" value="${label.name}" aria-label="${name}" title="${name}">×</button>
    </li>`
  })
  return html`<section id="labels">
    <h2>Labels</h2>
    <form method="post" action="${issuePath(repository, issue)}/labels">
      ${
        labels.length > 0 &&
        html`<ul class="removable">
          ${removable}
        </ul>`
      }
    </form>
    <form class="line" method="post" action="${issuePath(repository, issue)}/labels">
      <label for="add-label">Add a label</label>
      <input id="add-label" name="add" list="label-choices" required autocomplete="off" />
      ${labelChoices(world, repository, labels)}
      <button>Add</button>
    </form>
  </section>`
}
