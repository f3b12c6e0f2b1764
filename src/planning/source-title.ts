import type { TaskSource } from '../model.ts'
import { readDiff } from './diff-files.ts'
import { oneLine } from './visible.ts'

/** A task's title where the request gives none: what it does, in one line. */
export function titleOf(source: TaskSource): string {
  if (source.kind === 'recipe') return `Run the recipe ${source.recipe}`
  if (source.kind === 'words')
    return oneLine(source.text.trimStart().split('\n', 1)[0] ?? '') || 'Do what the issue asks'
  if (source.kind === 'files')
    return listed(
      'Write',
      source.files.map((file) => file.path),
    )
  const read = readDiff(source.diff)
  return read.ok
    ? listed(
        'Change',
        read.files.map((file) => file.path),
      )
    : 'Apply the diff'
}

function listed(verb: string, paths: string[]): string {
  const [first = '', ...more] = [...new Set(paths)]
  if (more.length === 0) return oneLine(`${verb} ${first}`)
  return oneLine(`${verb} ${oneLine(first, 55)} and ${more.length} more ${more.length === 1 ? 'file' : 'files'}`)
}
