import type { FileChange } from '../model.ts'
import { readHeader, type FileHeader } from './diff-header.ts'
import { checkPath } from './paths.ts'

/** A file that a diff names. `from` is the old path of a rename or copy; modes are git's octal strings when stated. */
export type DiffFile = FileChange & {
  binary: boolean
  oldMode: string | null
  newMode: string | null
  /** Where its section stands in the diff: the first line and the line after the last, counted from 0. */
  section: [number, number]
}

/** `line` is counted from 1 within the diff. */
export type DiffFault = { ok: false; line: number; message: string; remedy: string }

const howToDiff = 'Paste the whole output of `git diff`, unchanged.'

/**
 * Reads which files a unified diff names, as `git apply -p1` would: extended git headers, plain `---`/`+++` pairs, quoted
 * paths, renames, modes and binary patches. Lines before the first file are ignored (a mail's header), blank lines too.
 * Linear in the length of the text. Whether the diff applies is git's to say.
 */
export function readDiff(diff: string): { ok: true; files: DiffFile[] } | DiffFault {
  const lines = diff.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  const files: DiffFile[] = []
  let at = 0
  while (at < lines.length) {
    const header = readHeader(lines, at)
    if (header === null) {
      const why = strayLine(lines[at] ?? '', files.length > 0)
      if (why !== null) return fault(at, why)
      // The signature of `git format-patch` ends the mail; a next mail's header may follow.
      at += 1
      continue
    }
    if (!header.ok) return fault(header.line, header.message)
    const body = readBody(lines, header)
    if (!body.ok) return fault(body.line, body.message)
    const file = fileOf(header, body, [at, body.next])
    if (typeof file === 'string') return fault(at, file)
    files.push(file)
    at = body.next
  }
  return files.length > 0 ? { ok: true, files } : fault(0, 'names no file')
}

function fault(line: number, message: string): DiffFault {
  return { ok: false, line: line + 1, message, remedy: howToDiff }
}

function strayLine(line: string, afterFile: boolean): string | null {
  if (line.startsWith('@@ ')) return 'has a hunk that belongs to no file: the lines `--- a/…` and `+++ b/…` are missing'
  if (!afterFile || line === '-- ' || line === '--') return null
  if (/^[-+]/.test(line) || /^ \S/.test(line)) return 'has more lines than the header of its hunk says'
  return null
}

type Body = { ok: true; additions: number; deletions: number; binary: boolean; next: number }

function readBody(lines: string[], header: FileHeader): Body | { ok: false; line: number; message: string } {
  if (header.binary) return binaryBody(lines, header.next)
  const body: Body = { ok: true, additions: 0, deletions: 0, binary: false, next: header.next }
  while (lines[body.next]?.startsWith('@@ ') === true) {
    const counts = /^@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@/.exec(lines[body.next] ?? '')
    if (counts === null) return { ok: false, line: body.next, message: 'has a hunk header that cannot be read' }
    let old = Number(counts[1] ?? 1)
    let fresh = Number(counts[2] ?? 1)
    const begin = body.next
    body.next += 1
    while (old > 0 || fresh > 0) {
      const line = lines[body.next]
      const sign = line === '' && body.next < lines.length - 1 ? ' ' : line?.[0]
      if (sign === '-') body.deletions += 1
      else if (sign === '+') body.additions += 1
      else if (sign !== ' ' && sign !== '\\') {
        return { ok: false, line: begin, message: 'has a hunk with fewer lines than its header says' }
      }
      if (sign === ' ' || sign === '-') old -= 1
      if (sign === ' ' || sign === '+') fresh -= 1
      if (old < 0 || fresh < 0) {
        return { ok: false, line: body.next, message: 'has a hunk whose lines do not add up to its header' }
      }
      body.next += 1
    }
    if (lines[body.next]?.startsWith('\\') === true) body.next += 1
  }
  return body
}

/** `GIT binary patch`, then blocks of base 85, each ended by a blank line. */
function binaryBody(lines: string[], from: number): Body {
  let next = from
  while (/^(literal|delta) \d+$/.test(lines[next] ?? '')) {
    next += 1
    while (next < lines.length && lines[next] !== '') next += 1
    next += 1
  }
  return { ok: true, additions: 0, deletions: 0, binary: true, next: Math.min(next, lines.length) }
}

function fileOf(header: FileHeader, body: Body, section: [number, number]): DiffFile | string {
  const written = header.kind === 'remove' ? header.old : header.fresh
  if (written === null) return 'names no path'
  const path = checkPath(written)
  if (!path.ok) return `names \`${written}\`, which ${path.why}`
  const from = header.from === null ? null : checkPath(header.from)
  if (from !== null && !from.ok) return `names \`${header.from}\`, which ${from.why}`
  const { additions, deletions, binary } = body
  return {
    path: path.path,
    kind: header.kind,
    additions,
    deletions,
    ...(from === null ? {} : { from: from.path }),
    binary,
    oldMode: header.oldMode,
    newMode: header.newMode,
    section,
  }
}

/** The diff without the files that are not to be kept; every other line stays as it is. */
export function keepFiles(diff: string, files: DiffFile[], keep: (file: DiffFile) => boolean): string {
  const lines = diff.split('\n')
  const left = new Set<number>()
  for (const file of files) if (!keep(file)) for (let at = file.section[0]; at < file.section[1]; at += 1) left.add(at)
  return lines.filter((_, at) => !left.has(at)).join('\n')
}
