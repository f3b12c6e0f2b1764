import type { ChangedFile, Sha } from '../git/contract.ts'
import type { RepositoryRecord } from '../records.ts'
import { treePath } from './addresses.ts'
import { html, type Html } from './html.ts'
import { counted } from './pieces.ts'

/** Lines of one file that are shown; a browser takes long over more. */
const MOST_LINES = 2_000
const MOST_FILES = 300

/** The files that a change touches, each with its lines. `head` is where the files are looked at. */
export function diffPart(repository: RepositoryRecord, head: Sha, files: readonly ChangedFile[]): Html {
  const sum = (key: 'additions' | 'deletions'): number => files.reduce((so, file) => so + file[key], 0)
  return html`<p>
      ${counted(files.length, 'file')} changed, <span class="added">+${sum('additions')}</span>
      <span class="removed">−${sum('deletions')}</span>
    </p>
    ${files.slice(0, MOST_FILES).map((file) => filePart(repository, head, file))}
    ${files.length > MOST_FILES && html`<p class="none">${files.length - MOST_FILES} more files are not shown.</p>`}`
}

function filePart(repository: RepositoryRecord, head: Sha, file: ChangedFile): Html {
  const { filename, previousFilename, status, additions, deletions, patch } = file
  const name =
    status === 'removed'
      ? html`<code>${filename}</code>`
      : html`<a href="${treePath(repository, 'blob', head, filename)}"><code>${filename}</code></a>`
  return html`<details class="file" open>
    <summary>
      ${previousFilename !== undefined && html`<code>${previousFilename}</code> → `}${name}
      <span class="quiet">${status}</span> <span class="added">+${additions}</span>
      <span class="removed">−${deletions}</span>
    </summary>
    ${patch === undefined ? html`<p class="none">There are no lines to show: the file is binary, large, or was only moved.</p>` : patchTable(patch)}
  </details>`
}

/** A unified patch as a table: the line's number before, after, and the line. */
function patchTable(patch: string): Html {
  const lines = patch.split('\n')
  let [before, after] = [0, 0]
  const rows = lines.slice(0, MOST_LINES).map((line) => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line)
    if (hunk !== null) {
      ;[before, after] = [Number(hunk[1]), Number(hunk[2])]
      return row('hunk', '', '', line)
    }
    if (line.startsWith('+')) return row('added', '', after++, line)
    if (line.startsWith('-')) return row('removed', before++, '', line)
    // "\ No newline at end of file" is no line of either.
    return line.startsWith('\\') ? row('quiet', '', '', line) : row('', before++, after++, line)
  })
  const more = lines.length - MOST_LINES
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Lines">
      <table class="diff">
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${more > 0 && html`<p class="none">${more} more lines are not shown.</p>`}`
}

function row(kind: string, before: number | '', after: number | '', line: string): Html {
  return html`<tr class="${kind}">
    <td>${before}</td>
    <td>${after}</td>
    <td>${line}</td>
  </tr>`
}
