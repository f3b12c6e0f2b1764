import type { Finding } from '../model.ts'
import { readDiff } from './diff-files.ts'
import type { TaskDraft } from './facts.ts'
import { indexPaths, namedPaths, type PathIndex } from './named-paths.ts'

/**
 * What the drafts leave open about the base tree's `paths`: a name in prose that several files have, a diff of a file that
 * stands elsewhere, a whole file whose path differs from an existing one in case only.
 */
export function questionsAbout(drafts: TaskDraft[], paths: string[]): Finding[] {
  const index = indexPaths(paths)
  const made = new Set<string>()
  return drafts.flatMap(({ id, source }) => {
    if (source.kind === 'words') return ambiguous(id, source.text, index)
    if (source.kind === 'files') return source.files.flatMap(({ path }) => written(id, path, index, made))
    return source.kind === 'diff' ? elsewhere(id, source.diff, index, made) : []
  })
}

function ambiguous(task: number, words: string, index: PathIndex): Finding[] {
  return namedPaths(words, index)
    .filter((named) => named.meant.length > 1)
    .map(({ written: name, meant }) =>
      question(name, `Task ${task} names \`${name}\`, and ${meant.length} files are called that: ${list(meant)}.`, 'Say which one is meant, with its whole path.'),
    )
}

function written(task: number, path: string, index: PathIndex, made: Set<string>): Finding[] {
  const twin = index.has(path) || made.has(path) ? undefined : index.endingIn(path).find((one) => sameButCase(one, path))
  made.add(path)
  if (twin === undefined) return []
  const message = `Task ${task} writes \`${path}\`, and the repository has \`${twin}\`, which differs in case only.`
  return [question(path, message, `Write \`${twin}\` to replace it, or choose another name.`)]
}

function elsewhere(task: number, diff: string, index: PathIndex, made: Set<string>): Finding[] {
  const read = readDiff(diff)
  if (!read.ok) return []
  return read.files.flatMap((file) => {
    const old = file.from ?? file.path
    const there = file.kind === 'create' || index.has(old) || made.has(old)
    made.add(file.path)
    const meant = there ? [] : index.endingIn(old)
    // With no file of that name anywhere, applying the diff says best what is wrong.
    if (meant.length === 0) return []
    const message = `Task ${task} changes \`${old}\`, which the repository does not have; it has ${list(meant)}.`
    return [question(old, message, 'Make the diff from the root of the repository, with the whole path.')]
  })
}

function sameButCase(one: string, other: string): boolean {
  return one !== other && one.toLowerCase() === other.toLowerCase()
}

/** The first few, in code. */
function list(paths: string[]): string {
  const shown = paths.slice(0, 5).map((path) => `\`${path}\``)
  return shown.join(', ') + (paths.length > 5 ? ` and ${paths.length - 5} more` : '')
}

function question(path: string, message: string, remedy: string): Finding {
  return { gate: 'plan', severity: 'error', rule: 'path-ambiguous', message, remedy, path }
}
