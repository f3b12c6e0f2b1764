import { hiddenCharacters } from './visible.ts'

export type CheckedPath = { ok: true; path: string } | { ok: false; why: string }

const longestPath = 1024
const longestSegment = 255

/**
 * Checks a path that a stranger wrote before it names a file of a repository. Only one spelling of each path is let
 * through, so that the same file cannot be meant twice. A leading `./` is taken off; everything else is refused with
 * the reason, worded to follow the path ("is absolute").
 */
export function checkPath(written: string): CheckedPath {
  const path = written.startsWith('./') ? written.slice(2) : written
  const why = fault(path)
  return why === null ? { ok: true, path } : { ok: false, why }
}

function fault(path: string): string | null {
  if (path === '') return 'is empty'
  if (path.length > longestPath) return `is longer than ${longestPath} characters`
  if (path.startsWith('/')) return 'is absolute: leave out the leading /'
  if (/^[A-Za-z]:/.test(path)) return 'begins with a drive: write it relative to the root of the repository'
  if (path.includes('\\')) return 'has a backslash: write /'
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'has a control character'
  if (hiddenCharacters(path).length > 0) return 'has an invisible character'
  if (path.endsWith('/')) return 'is a directory: name a file'
  for (const segment of path.split('/')) {
    const why = segmentFault(segment)
    if (why !== null) return why
  }
  return null
}

function segmentFault(segment: string): string | null {
  if (segment === '') return 'has two / in a row'
  if (segment === '.' || segment === '..') return `has the segment ${segment}`
  if (segment.length > longestSegment) return `has a name longer than ${longestSegment} characters`
  if (segment !== segment.trim()) return 'has a space at the beginning or end of a name'
  // Windows and macOS fold these into `.git`; git refuses them for the same reason (core.protectNTFS).
  const folded = segment.toLowerCase().replace(/[ .]+$/, '')
  if (folded === '.git' || folded === 'git~1' || folded.startsWith('.git:')) return 'leads into git’s own directory'
  return null
}
