import type { Plan } from '../model.ts'
import type { Impact } from '../model/impact.ts'
import { pathsOf, type Touching } from './planned-tasks.ts'

/** What the request asks for, and how big and how involved it is (PLAN-1). Lines are added plus removed. */
export function scopeOf(
  tasks: Touching[],
  impact: Pick<Impact, 'direct' | 'transitive' | 'modules' | 'areas'>,
): Plan['scope'] {
  const changes = tasks.flatMap(({ task }) => task.changes)
  const open = tasks.filter(({ task }) => !task.exact).map(({ task }) => task.id)
  const files = new Set(tasks.flatMap(({ touched }) => touched)).size
  const added = changes.reduce((sum, { additions }) => sum + additions, 0)
  const removed = changes.reduce((sum, { deletions }) => sum + deletions, 0)
  const lines = added + removed
  const known = open.length < tasks.length ? `${count(pathsOf(changes).length, 'file')} (+${added} −${removed})` : null
  const summary = [
    `${count(tasks.length, 'task')}`,
    ...(known === null ? [] : [known]),
    ...(open.length === 0 ? [] : [`the change of task ${open.join(', ')} is known only when it is made`]),
  ].join('; ')
  return {
    summary: `${summary}.`,
    size: sizeOf(files, lines, open.length > 0),
    complexity: complexityOf(tasks.length, impact),
    files,
    lines,
  }
}

function sizeOf(files: number, lines: number, open: boolean): Plan['scope']['size'] {
  if (files > 15 || lines > 400) return 'large'
  return open || files > 3 || lines > 50 ? 'medium' : 'small'
}

function complexityOf(
  tasks: number,
  { direct, transitive, modules, areas }: Parameters<typeof scopeOf>[1],
): Plan['scope']['complexity'] {
  const dependents = direct.length + transitive.length
  if (tasks > 5 || modules.length > 5 || dependents > 50 || areas.some(({ area }) => area === 'migration'))
    return 'complex'
  return tasks > 1 || modules.length > 1 || dependents > 10 ? 'moderate' : 'simple'
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`
}
