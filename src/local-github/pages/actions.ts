import type { WorkflowRunRecord } from '../code-records.ts'
import type { RepositoryRecord } from '../records.ts'
import { repositoryPath } from './addresses.ts'
import { html, type Html } from './html.ts'
import { isLive } from './live.ts'
import { shortSha, stateTag, when } from './pieces.ts'
import type { ShowInRepository } from './visit.ts'

const NEWEST = 100

/** The newest workflow runs. */
export const actionsPage: ShowInRepository = ({ world, repository }) => {
  const runs = world.store.list('workflowRun', repository.id).toReversed()
  const shown = runs.slice(0, NEWEST).map((run) => runRow(repository, run))
  const list =
    runs.length === 0
      ? html`<p class="none">No workflow has run yet.</p>`
      : html`<ul class="rows">
          ${shown}
        </ul>`
  const main = html`<h1 id="title-of-page">Workflow runs</h1>
    <div id="runs">${list}</div>`
  return { kind: 'page', title: 'Actions', main, tab: 'actions', live: isLive(world, repository) }
}

export function runPath(repository: RepositoryRecord, run: WorkflowRunRecord): string {
  return `${repositoryPath(repository)}/actions/runs/${run.id}`
}

function runRow(repository: RepositoryRecord, run: WorkflowRunRecord): Html {
  const { status, conclusion, title, name, number, attempt, headBranch, headSha, createdAt, trigger } = run
  return html`<li>
    ${stateTag(conclusion ?? status)} <a href="${runPath(repository, run)}"><strong>${title}</strong></a>
    <span class="quiet"
      >${name} #${number}${attempt > 1 && html`, attempt ${attempt}`}, on
      ${trigger.event}${headBranch !== null && html` of <code>${headBranch}</code>`} at ${shortSha(repository, headSha)}
      ${when(createdAt)}</span
    >
  </li>`
}
