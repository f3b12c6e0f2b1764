import type { FileChange } from '../model.ts'
import { codeCell } from './escape.ts'
import { table } from './layout.ts'

/** Changed files with their lines, `null` when there are none. */
export function fileTable(files: readonly FileChange[]): string | null {
  const rows = files.map(({ path, kind, from, additions, deletions }) => {
    const name = from === undefined || from === path ? codeCell(path) : `${codeCell(from)} → ${codeCell(path)}`
    return [name, kind, `+${additions} −${deletions}`]
  })
  return table(['File', 'Change', 'Lines'], rows)
}
