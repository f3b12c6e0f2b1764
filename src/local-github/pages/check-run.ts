import type { AnnotationRecord, CheckRunRecord } from '../code-records.ts'
import type { RepositoryRecord } from '../records.ts'
import { treePath, webAddress } from './addresses.ts'
import { checkPath } from './checks.ts'
import { html, type Html } from './html.ts'
import { isLive } from './live.ts'
import { markdown } from './markdown.ts'
import { nothingHere } from './nothing-here.ts'
import { shortSha, stateTag, when } from './pieces.ts'
import type { ShowInRepository } from './visit.ts'

/** What an app reported of a commit. */
export const checkRunPage: ShowInRepository = ({ world, repository, params }) => {
  const run = world.store.get('checkRun', Number(params['id']))
  if (run?.repositoryId !== repository.id) return nothingHere
  if (world.store.get('job', run.id) !== undefined) {
    return { kind: 'redirect', to: checkPath(world, repository, run) }
  }
  const { output } = run
  const place = { world, repository }
  const details = webAddress(run.detailsUrl)
  const main = html`<div id="check">
      <h1>${run.name}</h1>
      <p>
        ${stateTag(run.conclusion ?? run.status)} of ${shortSha(repository, run.headSha)} by
        ${world.store.get('app', run.appId)?.name}
        <span class="quiet"
          >${run.startedAt !== null && html`begun ${when(run.startedAt)}`}${run.completedAt !== null && html`, ended ${when(run.completedAt)}`}</span
        >
      </p>
      ${details !== null && html`<p><a href="${details}" rel="nofollow">Details</a></p>`}
    </div>
    ${output.title !== null && html`<h2 id="output-title">${output.title}</h2>`}
    ${output.summary !== null && html`<div id="summary" class="markdown">${markdown(place, output.summary)}</div>`}
    ${output.text !== null && html`<div id="text" class="markdown">${markdown(place, output.text)}</div>`}
    ${annotationList(repository, run)}`
  return { kind: 'page', title: run.name, main, live: isLive(world, repository) }
}

/** What a check says about lines of files. */
export function annotationList(
  repository: RepositoryRecord,
  { id, name, annotations, headSha }: CheckRunRecord,
): Html | null {
  if (annotations.length === 0) return null
  const row = ({ path, start_line: line, annotation_level: level, title, message }: AnnotationRecord): Html => {
    return html`<li>
      ${stateTag(level)}
      <a href="${treePath(repository, 'blob', headSha, path)}#L${line}"><code>${path}:${line}</code></a>
      ${title !== undefined && html`<strong>${title}</strong>`}
      <pre>${message}</pre>
    </li>`
  }
  return html`<section id="annotations-${id}">
    <h2>Annotations of ${name}</h2>
    <ul class="rows">
      ${annotations.map(row)}
    </ul>
  </section>`
}
