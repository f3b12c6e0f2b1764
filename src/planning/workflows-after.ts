import type { FileChange } from '../model.ts'
import { readDiff } from './diff-files.ts'
import type { TaskDraft } from './facts.ts'

type WorkflowText = { path: string; text: string }

/**
 * The workflow files as they are with the change, as far as it can be told: removed and renamed ones, whole files and those that
 * a diff creates. Of a file that a diff modifies the old text is kept: what starts it seldom changes.
 */
export function workflowsAfter(
  workflows: WorkflowText[],
  done: { source: TaskDraft['source']; changes: FileChange[] }[],
): WorkflowText[] {
  const texts = new Map(workflows.map(({ path, text }) => [path, text]))
  for (const { source, changes } of done) {
    for (const { path, kind, from } of changes) {
      if (kind === 'remove') texts.delete(path)
      const old = from === undefined ? texts.get(path) : texts.get(from)
      if (from !== undefined) texts.delete(from)
      if (kind === 'remove' || !/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) continue
      const text = written(source, path) ?? old
      if (text !== undefined) texts.set(path, text)
    }
  }
  return [...texts].map(([path, text]) => ({ path, text })).toSorted((one, other) => (one.path < other.path ? -1 : 1))
}

/** The whole text that a source gives a path; `null` when it says only what differs. */
function written(source: TaskDraft['source'], path: string): string | null {
  if (source.kind === 'files') return source.files.find((file) => file.path === path)?.content ?? null
  const read = source.kind === 'diff' ? readDiff(source.diff) : null
  const file = read?.ok === true ? read.files.find((one) => one.path === path && one.kind === 'create') : undefined
  if (source.kind !== 'diff' || file === undefined) return null
  const lines = source.diff.split('\n').slice(...file.section)
  return lines
    .filter((line) => line.startsWith('+') && !line.startsWith('+++ '))
    .map((line) => `${line.slice(1)}\n`)
    .join('')
}
