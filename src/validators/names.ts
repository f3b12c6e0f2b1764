import type { Finding, MeasuredFile } from '../model.ts'
import type { Report } from './report.ts'

/** Files by which git itself is told to behave differently, or that are taken for its own directory. */
export function gitMetadata(file: MeasuredFile, planned: Set<string>, report: Report): Finding | null {
  if (file.kind === 'remove') return null
  const segments = file.path.split('/')
  if (segments.some(isGitDirectory)) {
    const message = 'The path leads into a directory that git takes for its own on some system.'
    return report('error', 'git-metadata', file.path, message, 'Choose another name.')
  }
  const name = segments.at(-1)?.toLowerCase() ?? ''
  if ((name !== '.gitattributes' && name !== '.gitmodules') || planned.has(file.path)) return null
  const message = 'The file changes how git reads the repository, and the plan does not name it.'
  return report('error', 'git-metadata', file.path, message, 'Leave it as it is, or make a plan that names it.')
}

/** A new name that nobody can read as it is written: it may pass for another, or do something to a terminal. */
export function unreadableName({ path, kind, from }: MeasuredFile, report: Report): Finding | null {
  if (kind === 'remove' || (kind === 'modify' && from === undefined) || !UNREADABLE.test(path)) return null
  const message = 'The name has control characters, or characters that nobody sees.'
  return report('error', 'hidden-text', path, message, 'Choose another name.')
}

/** Controls, line and paragraph separators, and what is shown as nothing or turns the text around. */
const UNREADABLE = /[\p{Cc}\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]/u

/** What Windows and macOS fold into `.git` (git's own core.protectNTFS and core.protectHFS). */
function isGitDirectory(segment: string): boolean {
  const visible = segment.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '')
  return /^(\.git|git~\d+)[ .]*(:.*)?$/i.test(visible)
}

/**
 * Paths that are two on GitHub and one on Windows or macOS: one of them would vanish in a checkout there. Pairs that the
 * change did not make are not its fault.
 */
export function caseCollisions(files: MeasuredFile[], tree: string[], report: Report): Finding[] {
  const fresh = new Set(
    files.filter(({ kind, from }) => kind === 'create' || from !== undefined).map(({ path }) => path),
  )
  if (fresh.size === 0) return []
  const spellings = new Map<string, string>()
  const findings: Finding[] = []
  // The old tree first, so that the new path is the one that is named.
  const inOrder = [...tree.filter((path) => !fresh.has(path)), ...fresh]
  for (const path of inOrder) {
    const segments = path.split('/')
    for (let depth = 1; depth <= segments.length; depth += 1) {
      const part = segments.slice(0, depth).join('/')
      const folded = part.normalize('NFC').toLowerCase()
      const known = spellings.get(folded)
      if (known === undefined) spellings.set(folded, part)
      else if (known !== part && fresh.has(path)) {
        const message = `The path differs from ${known} only in the case or form of its letters.`
        findings.push(
          report('error', 'case-collision', path, message, 'Use the spelling that is there, or another name.'),
        )
        break
      }
    }
  }
  return findings
}
