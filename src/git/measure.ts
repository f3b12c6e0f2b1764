import type { MeasuredFile } from '../model.ts'
import { git, nulSeparated, type Place } from './command.ts'
import type { Objects } from './objects.ts'
import type { Measured } from './repository.ts'

const NO_FILE = '000000'

/** A change of more files or bytes is nothing that anybody reviews, and holding its diff could take all memory of the host. */
const MOST_FILES = 20_000
const MOST_BYTES = 100 * 1024 ** 2

const PATCH = ['diff-tree', '-r', '-M', '-p', '--full-index', '--no-color', '--no-ext-diff', '--no-textconv']

/** What changed from one tree to the other. */
export async function measureTrees(place: Place, objects: Objects, base: string, head: string): Promise<Measured> {
  const listed = await git(place, ['diff-tree', '-r', '-M', '-z', '--raw', '--numstat', '--no-abbrev', base, head])
  const changes = parseChanges(nulSeparated(listed))
  const [sizes, oldSizes] = await Promise.all([
    Promise.all(changes.map(({ newMode, newSha }) => sizeOf(objects, newMode, newSha))),
    Promise.all(changes.map(({ oldMode, oldSha }) => sizeOf(objects, oldMode, oldSha))),
  ])
  const files = changes.map((change, at) => fileOf(change, sizes[at] ?? 0)).toSorted(byPath)
  const beyond = tooMuch(files.length, [...sizes, ...oldSizes])
  const diff = beyond === null ? (await git(place, [...PATCH, base, head])).toString() : ''
  return { files, diff, beyond }
}

/** Why a change of so many files, with contents of these sizes in bytes, is beyond measure; `null` when it is not. */
export function tooMuch(files: number, sizes: number[]): string | null {
  if (files > MOST_FILES) return `it changes ${files} files, and at most ${MOST_FILES} can be judged`
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  if (bytes <= MOST_BYTES) return null
  const megabytes = (size: number) => `${Math.round(size / 1024 ** 2)} MB`
  return `it changes files of ${megabytes(bytes)} together, and at most ${megabytes(MOST_BYTES)} can be judged`
}

export const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1)

type Change = {
  oldMode: string
  newMode: string
  oldSha: string
  newSha: string
  path: string
  from: string | null
  counts: [additions: string, deletions: string]
}

/** First a record for each file, `:oldmode newmode oldsha newsha status`, then the counts in the same order. */
function parseChanges(parts: string[]): Change[] {
  const changes: Change[] = []
  let at = 0
  const next = () => parts[at++] ?? ''
  while (parts[at]?.startsWith(':')) {
    const [oldMode = '', newMode = '', oldSha = '', newSha = '', status = ''] = next().slice(1).split(' ')
    const first = next()
    const from = status.startsWith('R') ? first : null
    changes.push({ oldMode, newMode, oldSha, newSha, from, path: from === null ? first : next(), counts: ['-', '-'] })
  }
  for (const change of changes) {
    const [additions = '-', deletions = '-'] = next().split('\t')
    change.counts = [additions, deletions]
    // Of a rename both paths follow.
    if (change.from !== null) at += 2
  }
  return changes
}

function fileOf(
  { oldMode, newMode, newSha, path, from, counts: [additions, deletions] }: Change,
  size: number,
): MeasuredFile {
  return {
    path,
    ...(from !== null && { from }),
    ...(newMode !== NO_FILE && { blob: newSha }),
    kind: oldMode === NO_FILE ? 'create' : newMode === NO_FILE ? 'remove' : 'modify',
    additions: Number.parseInt(additions, 10) || 0,
    deletions: Number.parseInt(deletions, 10) || 0,
    binary: additions === '-',
    oldMode: oldMode === NO_FILE ? null : oldMode,
    newMode: newMode === NO_FILE ? null : newMode,
    size,
  }
}

/** The bytes of a file; a submodule is a commit of another repository and has none. */
async function sizeOf(objects: Objects, mode: string, sha: string): Promise<number> {
  if (mode === NO_FILE || mode === '160000') return 0
  return (await objects.info(sha))?.size ?? 0
}
