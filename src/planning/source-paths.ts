import type { TaskSource } from '../model.ts'
import { keepFiles, readDiff } from './diff-files.ts'

/** The paths that a source itself names, each once, old names of renames included; `null` when only a run can tell. */
export function sourcePaths(source: TaskSource): string[] | null {
  if (source.kind === 'files') return [...new Set(source.files.map((file) => file.path))]
  if (source.kind !== 'diff') return null
  const read = readDiff(source.diff)
  if (!read.ok) return []
  return [...new Set(read.files.flatMap((file) => (file.from === undefined ? [file.path] : [file.from, file.path])))]
}

/** The source without the files that are to be left out; `null` when nothing of it stays. Recipes and words stay whole. */
export function withoutPaths(source: TaskSource, left: (path: string) => boolean): TaskSource | null {
  if (source.kind === 'files') {
    const files = source.files.filter((file) => !left(file.path))
    return files.length === 0 ? null : { kind: 'files', files }
  }
  if (source.kind !== 'diff') return source
  const read = readDiff(source.diff)
  if (!read.ok) return source
  const stays = read.files.filter((file) => !left(file.path))
  if (stays.length === read.files.length) return source
  if (stays.length === 0) return null
  return { kind: 'diff', diff: keepFiles(source.diff, read.files, (file) => !left(file.path)) }
}
