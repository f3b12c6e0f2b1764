import type { Finding } from '../model.ts'
import { readDiff } from './diff-files.ts'
import type { TaskDraft } from './facts.ts'

/** What an earlier task left at a path. */
type Left = { task: number; state: 'whole' | 'created' | 'changed' | 'removed'; content: string | null }

/** What a task does to one path, as its source says it. */
type Doing = { path: string; does: 'write' | 'create' | 'modify' | 'remove'; content: string | null }

/**
 * Tasks that cannot both be meant, in the order in which they are to be carried out: one removes what a later one changes,
 * both create a file, or a whole file would undo an earlier change. Diffs on top of each other are no contradiction.
 */
export function contradictions(drafts: Pick<TaskDraft, 'id' | 'source'>[]): Finding[] {
  const findings: Finding[] = []
  const left = new Map<string, Left>()
  for (const { id, source } of drafts) {
    for (const doing of doings(source)) {
      const before = left.get(doing.path)
      const why = before === undefined ? null : clash(before, doing)
      if (before !== undefined && why !== null && before.task !== id) {
        findings.push(finding(doing.path, `task ${before.task} ${why[0]} it and task ${id} ${why[1]}`))
      }
      left.set(doing.path, { task: id, state: after(doing), content: doing.content })
    }
  }
  return findings
}

function clash(before: Left, now: Doing): [string, string] | null {
  if (before.state === 'removed' && (now.does === 'modify' || now.does === 'remove')) {
    return ['removes', now.does === 'modify' ? 'changes it' : 'removes it again']
  }
  if (now.does === 'create' && before.state !== 'removed') return ['writes', 'creates it']
  if (now.does !== 'write' || before.state === 'removed' || before.content === now.content) return null
  return [before.state === 'whole' ? 'writes' : 'changes', 'writes it whole, which would undo that']
}

function after(doing: Doing): Left['state'] {
  return ({ write: 'whole', create: 'created', modify: 'changed', remove: 'removed' } as const)[doing.does]
}

function doings(source: TaskDraft['source']): Doing[] {
  if (source.kind === 'files') return source.files.map(({ path, content }) => ({ path, does: 'write', content }))
  if (source.kind !== 'diff') return []
  const read = readDiff(source.diff)
  if (!read.ok) return []
  return read.files.flatMap((file): Doing[] => {
    const here: Doing = { path: file.path, does: file.from === undefined ? file.kind : 'create', content: null }
    // A copy names its origin as well and leaves it; only the header tells, and a change of it later is rare enough to allow.
    return file.from === undefined ? [here] : [{ path: file.from, does: 'modify', content: null }, here]
  })
}

function finding(path: string, how: string): Finding {
  const message = `The tasks contradict each other about \`${path}\`: ${how}.`
  const remedy = 'Say in the issue which one is meant, or leave one out with /revise drop <number>.'
  return { gate: 'plan', severity: 'error', rule: 'contradictory-files', message, remedy, path }
}
