import type { MeasuredFile } from '../model.ts'
import { git, nulSeparated, type Place } from './command.ts'
import type { Objects } from './objects.ts'
import type { Measured } from './repository.ts'

const NO_FILE = '000000'

/** What changed from one tree to the other. */
export async function measureTrees(place: Place, objects: Objects, base: string, head: string): Promise<Measured> {
  const [listed, diff] = await Promise.all([
    git(place, ['diff-tree', '-r', '-M', '-z', '--raw', '--numstat', '--no-abbrev', base, head]),
    git(place, [
      'diff-tree',
      '-r',
      '-M',
      '-p',
      '--full-index',
      '--no-color',
      '--no-ext-diff',
      '--no-textconv',
      base,
      head,
    ]),
  ])
  const changes = parseChanges(nulSeparated(listed))
  const files = await Promise.all(changes.map(async (change) => fileOf(change, await sizeOf(objects, change))))
  return { files: files.toSorted(byPath), diff: diff.toString() }
}

export const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1)

type Change = {
  oldMode: string
  newMode: string
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
    const [oldMode = '', newMode = '', , newSha = '', status = ''] = next().slice(1).split(' ')
    const first = next()
    const from = status.startsWith('R') ? first : null
    changes.push({ oldMode, newMode, newSha, from, path: from === null ? first : next(), counts: ['-', '-'] })
  }
  for (const change of changes) {
    const [additions = '-', deletions = '-'] = next().split('\t')
    change.counts = [additions, deletions]
    // Of a rename both paths follow.
    if (change.from !== null) at += 2
  }
  return changes
}

function fileOf({ oldMode, newMode, path, from, counts: [additions, deletions] }: Change, size: number): MeasuredFile {
  return {
    path,
    ...(from !== null && { from }),
    kind: oldMode === NO_FILE ? 'create' : newMode === NO_FILE ? 'remove' : 'modify',
    additions: Number.parseInt(additions, 10) || 0,
    deletions: Number.parseInt(deletions, 10) || 0,
    binary: additions === '-',
    oldMode: oldMode === NO_FILE ? null : oldMode,
    newMode: newMode === NO_FILE ? null : newMode,
    size,
  }
}

/** The bytes of the new file; a submodule is a commit of another repository and has none. */
async function sizeOf(objects: Objects, { newMode, newSha }: Change): Promise<number> {
  if (newMode === NO_FILE || newMode === '160000') return 0
  return (await objects.info(newSha))?.size ?? 0
}
