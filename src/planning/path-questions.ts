import type { Finding } from '../model.ts'
import { readDiff } from './diff-files.ts'
import { namedPaths, type PathIndex } from './named-paths.ts'

/** A name in prose that several files of the tree have. */
export function ambiguousNames(task: number, words: string, index: PathIndex): Finding[] {
  return namedPaths(words, index)
    .filter((named) => named.meant.length > 1)
    .map(({ written: name, meant }) =>
      question(
        name,
        `Task ${task} names \`${name}\`, and ${meant.length} files are called that: ${list(meant)}.`,
        'Say which one is meant, with its whole path.',
      ),
    )
}

/** Words for a person that name no file: their push could be held against nothing. */
export function namesNoFile(task: number, words: string, index: PathIndex): Finding[] {
  if (namedPaths(words, index).length > 0) return []
  const message = `Task ${task} is for a person, and names no file of the repository to work in.`
  const remedy = 'Name in `backticks` the files that are to change, or one beside those that are to be made.'
  return [{ gate: 'plan', severity: 'error', rule: 'information-missing', message, remedy }]
}

/** A whole file whose path differs from an existing one in case only. `made` collects what tasks create. */
export function twinOfWritten(task: number, path: string, index: PathIndex, made: Set<string>): Finding[] {
  const twin =
    index.has(path) || made.has(path) ? undefined : index.endingIn(path).find((one) => sameButCase(one, path))
  made.add(path)
  if (twin === undefined) return []
  const message = `Task ${task} writes \`${path}\`, and the repository has \`${twin}\`, which differs in case only.`
  return [question(path, message, `Write \`${twin}\` to replace it, or choose another name.`)]
}

/** A diff of a file that stands elsewhere in the tree. */
export function standsElsewhere(task: number, diff: string, index: PathIndex, made: Set<string>): Finding[] {
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
