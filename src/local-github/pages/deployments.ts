import type { DeploymentRecord, DeploymentStatusRecord } from '../code-records.ts'
import type { World } from '../contract.ts'
import type { RepositoryRecord } from '../records.ts'
import { webAddress } from './addresses.ts'
import { html, type Html } from './html.ts'
import { isLive } from './live.ts'
import { shortSha, stateTag, when, who } from './pieces.ts'
import type { ShowInRepository } from './visit.ts'

/** All deployments, newest first, each with its history. */
export const deploymentsPage: ShowInRepository = ({ world, repository }) => {
  const deployments = world.store.list('deployment', repository.id).toReversed()
  const main = html`<h1 id="title-of-page">Deployments</h1>
    ${deployments.length === 0 && html`<p id="none" class="none">Nothing has been deployed yet.</p>`}
    <ul id="deployments" class="cards" data-parts>
      ${deployments.map((each) => deploymentCard(world, repository, each))}
    </ul>`
  return { kind: 'page', title: 'Deployments', main, tab: 'deployments', live: isLive(world, repository) }
}

function deploymentCard(world: World, repository: RepositoryRecord, deployment: DeploymentRecord): Html {
  const { id, environment, ref, sha, description, task, creatorId, createdAt } = deployment
  const statuses = world.store.list('deploymentStatus', repository.id).filter(({ deploymentId }) => deploymentId === id)
  const steps = statuses.map((status) => statusRow(world, status))
  return html`<li id="deployment-${id}">
    <h2>${environment} ${stateTag(statuses.at(-1)?.state ?? 'pending')}</h2>
    <p>
      ${shortSha(repository, sha)}${ref !== sha && html` from <code>${ref}</code>`}${task !== 'deploy' && html`, task <code>${task}</code>`},
      by ${who(world, creatorId)} <span class="quiet">${when(createdAt)}</span>
    </p>
    ${description !== null && description !== '' && html`<p>${description}</p>`}
    <details open>
      <summary>History</summary>
      ${
        steps.length === 0
          ? html`<p class="none">No state has been reported.</p>`
          : html`<ol class="rows">
              ${steps}
            </ol>`
      }
    </details>
  </li>`
}

function statusRow(world: World, status: DeploymentStatusRecord): Html {
  const [environment, log] = [webAddress(status.environmentUrl), webAddress(status.logUrl)]
  return html`<li>
    ${stateTag(status.state)} ${status.description}
    ${environment !== null && html`<a href="${environment}" rel="nofollow">Environment</a>`}
    ${log !== null && html`<a href="${log}" rel="nofollow">Log</a>`}
    <span class="quiet">by ${who(world, status.creatorId)} ${when(status.createdAt)}</span>
  </li>`
}
