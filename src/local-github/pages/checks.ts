import type { CheckRunRecord, StatusRecord } from '../code-records.ts'
import type { World } from '../contract.ts'
import type { RepositoryRecord } from '../records.ts'
import { latestRuns } from '../requirements.ts'
import { repositoryPath, webAddress } from './addresses.ts'
import { html, type Html } from './html.ts'
import { stateTag } from './pieces.ts'

/** The newest checks and statuses of a commit, one a row. */
export function checkList(world: World, repository: RepositoryRecord, sha: string): Html {
  const runs = latestRuns(world.store.list('checkRun', repository.id).filter(({ headSha }) => headSha === sha))
  const statuses = new Map<string, StatusRecord>()
  for (const status of world.store.list('status', repository.id)) {
    if (status.sha === sha) statuses.set(status.context, status)
  }
  if (runs.length === 0 && statuses.size === 0) return html`<p class="none">There is no check of this commit yet.</p>`
  return html`<ul class="rows">
    ${runs.map((run) => runRow(world, repository, run))}${[...statuses.values()].map(statusRow)}
  </ul>`
}

/** The page of a check: of a workflow's job that of the job. */
export function checkPath(world: World, repository: RepositoryRecord, run: CheckRunRecord): string {
  const job = world.store.get('job', run.id)
  const home = repositoryPath(repository)
  return job === undefined ? `${home}/runs/${run.id}` : `${home}/actions/runs/${job.runId}/job/${job.id}`
}

function runRow(world: World, repository: RepositoryRecord, run: CheckRunRecord): Html {
  const job = world.store.get('job', run.id)
  const workflow = job === undefined ? undefined : world.store.get('workflowRun', job.runId)
  const app = world.store.get('app', run.appId)?.name ?? ''
  // The same job may run for a push and for a pull request.
  const from = workflow === undefined ? app : `${workflow.name}, on ${workflow.trigger.event}`
  const details = job === undefined ? webAddress(run.detailsUrl) : null
  return html`<li>
    ${stateTag(run.conclusion ?? run.status)}
    <a href="${checkPath(world, repository, run)}"><strong>${run.name}</strong></a>
    <span class="quiet">${from}${run.output.title !== null && ` · ${run.output.title}`}</span>
    ${details !== null && html`<a href="${details}" rel="nofollow">Details</a>`}
  </li>`
}

function statusRow({ state, context, description, targetUrl }: StatusRecord): Html {
  const target = webAddress(targetUrl)
  return html`<li>
    ${stateTag(state)} <strong>${context}</strong>
    <span class="quiet">${description}</span> ${target !== null && html`<a href="${target}" rel="nofollow">Details</a>`}
  </li>`
}
