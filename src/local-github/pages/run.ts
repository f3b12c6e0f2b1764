import type { JobRecord, WorkflowRunRecord } from '../code-records.ts'
import type { RepositoryRecord } from '../records.ts'
import { workflowOf } from '../views/workflow.ts'
import { runPath } from './actions.ts'
import { issuePath, treePath } from './addresses.ts'
import { annotationList } from './check-run.ts'
import { html, type Html } from './html.ts'
import { isLive } from './live.ts'
import { markdown } from './markdown.ts'
import { nothingHere } from './nothing-here.ts'
import { pullByNumber } from '../pulls.ts'
import { shortSha, stateTag, when, who } from './pieces.ts'
import type { RepositoryVisit, ShowInRepository } from './visit.ts'

/** A workflow run: its jobs, and what they say about files. */
export const runPage: ShowInRepository = (visit) => {
  const { world, repository, params } = visit
  const run = world.store.get('workflowRun', Number(params['id']))
  if (run?.repositoryId !== repository.id) return nothingHere
  const jobs = world.store
    .list('job', repository.id)
    .filter(({ runId, attempt }) => runId === run.id && attempt === run.attempt)
  const main = html`${runHead(visit, run)}
    <section id="jobs">
      <h2>Jobs</h2>
      ${
        jobs.length === 0
          ? html`<p class="none">There is no job yet.</p>`
          : html`<ul class="rows">
              ${jobs.map((job) => jobRow(repository, run, job))}
            </ul>`
      }
    </section>
    ${jobs.map((job) => reportOf(visit, job))}`
  return { kind: 'page', title: run.title, main, tab: 'actions', live: isLive(world, repository) }
}

function runHead({ world, repository }: RepositoryVisit, run: WorkflowRunRecord): Html {
  const { path, name } = workflowOf(world, run)
  const pulls = run.pullNumbers.flatMap((number) => pullByNumber(world, repository, number) ?? [])
  return html`<div id="run">
    <h1>${run.title} <span class="quiet">#${run.number}</span></h1>
    <p>
      ${stateTag(run.conclusion ?? run.status)} <a href="${treePath(repository, 'blob', run.headSha, path)}">${name}</a>
      on ${run.trigger.event} at ${shortSha(repository, run.headSha)}
      ${pulls.map(({ issue }) => html`of <a href="${issuePath(repository, issue)}">#${issue.number}</a> `)}
      <span class="quiet">attempt ${run.attempt}, by ${who(world, run.triggeringActorId)} ${when(run.startedAt)}</span>
    </p>
  </div>`
}

function jobPath(repository: RepositoryRecord, run: WorkflowRunRecord, job: JobRecord): string {
  return `${runPath(repository, run)}/job/${job.id}`
}

function jobRow(repository: RepositoryRecord, run: WorkflowRunRecord, job: JobRecord): Html {
  return html`<li>
    ${stateTag(job.conclusion ?? job.status)}
    <a href="${jobPath(repository, run, job)}"><strong>${job.name}</strong></a>
    <span class="quiet">${duration(job)}</span>
  </li>`
}

/** Seconds that a job took; empty while it runs. */
function duration({ startedAt, completedAt }: JobRecord): string {
  if (startedAt === null || completedAt === null) return ''
  return `${Math.max(0, Math.round((Date.parse(completedAt) - Date.parse(startedAt)) / 1000))} s`
}

/** A job's summary and annotations. */
function reportOf({ world, repository }: RepositoryVisit, job: JobRecord): Html | null {
  const check = world.store.get('checkRun', job.id)
  if (check === undefined) return null
  const { output } = check
  const summary =
    output.summary === null
      ? null
      : html`<section id="summary-${job.id}">
          <h2>Summary of ${job.name}</h2>
          <div class="markdown">${markdown({ world, repository }, output.summary)}</div>
        </section>`
  return html`${summary}${annotationList(repository, check)}`
}
