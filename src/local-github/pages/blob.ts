import { readBlob } from '../git/objects.ts'
import { treePath } from './addresses.ts'
import { findPlace } from './git-place.ts'
import { html, type Html } from './html.ts'
import { nothingHere } from './nothing-here.ts'
import { placeHead } from './tree.ts'
import type { ShowInRepository } from './visit.ts'

/** Bytes of a file that is shown; of larger ones only the raw file is offered. */
const LARGEST = 1024 * 1024

/** A file with numbered lines, to which `#L10` leads. */
export const blobPage: ShowInRepository = async ({ world, repository, params }) => {
  const place = await findPlace(world, repository, params['place'] ?? '')
  if (place === null) return nothingHere
  const { revision, path, entry } = place
  if (entry.type !== 'blob') return { kind: 'redirect', to: treePath(repository, 'tree', revision, path) }
  const content = (await readBlob(world.gitDir(repository), entry.sha)) ?? Buffer.alloc(0)
  const main = html`${placeHead(repository, place)}
    <p id="raw">
      <a href="${treePath(repository, 'raw', revision, path)}">Raw</a>
      <span class="quiet">${content.length} bytes</span>
    </p>
    <div id="content">${contentOf(content)}</div>`
  return { kind: 'page', title: path, main, tab: 'code' }
}

function contentOf(content: Buffer): Html {
  if (content.includes(0)) return html`<p class="none">The file is binary.</p>`
  if (content.length > LARGEST) return html`<p class="none">The file is too large to be shown.</p>`
  const lines = content.toString().replace(/\n$/, '').split('\n')
  const rows = lines.map((line, index) => {
    const number = index + 1
    return html`<tr id="L${number}">
      <td><a href="#L${number}">${number}</a></td>
      <td>${line}</td>
    </tr>`
  })
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Lines">
    <table class="lines">
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

/** The file as it is. A browser shows text and offers anything else for saving; it runs neither. */
export const rawFile: ShowInRepository = async ({ world, repository, params }) => {
  const place = await findPlace(world, repository, params['place'] ?? '')
  if (place?.entry.type !== 'blob') return nothingHere
  const content = (await readBlob(world.gitDir(repository), place.entry.sha)) ?? Buffer.alloc(0)
  const contentType = content.includes(0) ? 'application/octet-stream' : 'text/plain; charset=utf-8'
  return { kind: 'file', content, contentType }
}
