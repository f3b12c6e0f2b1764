import { open } from 'node:fs/promises'

import { logPath } from '../actions/run-folder.ts'
import { runFolder } from '../actions-host.ts'
import type { JobRecord } from '../code-records.ts'
import type { World } from '../contract.ts'
import { runPath } from './actions.ts'
import { annotationList } from './check-run.ts'
import { html, type Html } from './html.ts'
import { isLive } from './live.ts'
import { nothingHere } from './nothing-here.ts'
import { stateTag } from './pieces.ts'
import type { ShowInRepository } from './visit.ts'

/** Bytes at the end of a log that are shown. */
const SHOWN = 512 * 1024

/** A job of a workflow run: its steps and its log. The details of its check run lead here. */
export const jobPage: ShowInRepository = async ({ world, repository, params }) => {
  const run = world.store.get('workflowRun', Number(params['id']))
  const job = world.store.get('job', Number(params['job']))
  if (run?.repositoryId !== repository.id || job?.runId !== run.id) return nothingHere
  const check = world.store.get('checkRun', job.id)
  const steps = job.steps.map(
    ({ name, status, conclusion }) => html`<li>${stateTag(conclusion ?? status)} ${name}</li>`,
  )
  const main = html`<div id="job">
      <h1>${job.name}</h1>
      <p>
        ${stateTag(job.conclusion ?? job.status)} Job of
        <a href="${runPath(repository, run)}">${run.name} #${run.number}</a>, attempt ${job.attempt}
      </p>
    </div>
    <section id="steps">
      <h2>Steps</h2>
      ${
        steps.length === 0
          ? html`<p class="none">None has begun.</p>`
          : html`<ol class="rows">
              ${steps}
            </ol>`
      }
    </section>
    ${check !== undefined && annotationList(repository, check)}
    <section id="log">
      <h2>Log</h2>
      ${await logOf(world, job)}
    </section>`
  return { kind: 'page', title: job.name, main, tab: 'actions', live: isLive(world, repository) }
}

async function logOf(world: World, job: JobRecord): Promise<Html> {
  const end = await readEnd(logPath(runFolder(world, job.runId, job.attempt), job.key))
  if (end === null) return html`<p class="none">There is no log.</p>`
  const lines = end.text.replace(/\n$/, '').split('\n')
  return html`${end.cut && html`<p class="none">The beginning is not shown.</p>`}
    <pre class="log" tabindex="0" role="region" aria-label="Log">${lines.map(lineOf)}</pre>`
}

/** Each line begins with its time; `##[error]` and its like are the runner's own marks, and colours are left out. */
function lineOf(line: string): Html {
  const [, time = '', text = ''] = /^(\S+Z) (.*)$/.exec(line) ?? ['', '', line]
  // oxlint-disable-next-line no-control-regex
  const plain = text.replace(/\u001b\[[\d;?]*[ -/]*[@-~]/g, '').replace(/[\u0000-\u0008\u000b-\u001f]/g, '')
  const [, mark = '', rest = plain] = /^##\[(\w+)\](.*)$/.exec(plain) ?? []
  if (mark === 'endgroup') return html``
  return html`<span class="log-${mark || 'line'}"><span class="quiet">${time.slice(11, 19)}</span> ${rest}</span>`
}

/** The end of a file, from the beginning of a line; null when there is no such file. */
async function readEnd(path: string): Promise<{ text: string; cut: boolean } | null> {
  const file = await open(path).catch(() => null)
  if (file === null) return null
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - SHOWN)
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - from), position: from })
    const text = buffer.toString('utf8', 0, bytesRead)
    return from === 0 ? { text, cut: false } : { text: text.slice(text.indexOf('\n') + 1), cut: true }
  } finally {
    await file.close()
  }
}
