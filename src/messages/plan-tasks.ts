import type { Task, TaskSource } from '../model.ts'
import { joined } from './comment.ts'
import { codeSpan, fence, inline } from './escape.ts'
import { fileTable } from './files.ts'
import { bullets, details, table } from './layout.ts'
import { taskGraph } from './task-graph.ts'
import { durationText } from './time.ts'

const SOURCES: Record<TaskSource['kind'], string> = {
  diff: 'a diff from the issue',
  files: 'whole files from the issue',
  recipe: 'a recipe',
  words: 'words',
}

/** The tasks as a table, and each one's details folded below. */
export function taskParts(tasks: readonly Task[]): string | null {
  const rows = tasks.map((task) => [
    String(task.id),
    inline(task.title, 120),
    inline(task.agent),
    reach(task),
    task.needs.length === 0 ? '' : task.needs.join(', '),
    durationText(task.estimate.p50),
  ])
  const graph = taskGraph(tasks)
  return joined([
    table(['#', 'Task', 'Agent', 'Files', 'After', 'Time'], rows),
    graph === null ? null : fence(graph, 'mermaid'),
    details('Each task in detail', joined(tasks.slice(0, 30).map(taskDetails))),
  ])
}

function reach({ exact, changes, mayTouch }: Task): string {
  if (!exact) return `may touch ${mayTouch.length} path patterns`
  const counted = (kind: string) => changes.filter((change) => change.kind === kind).length
  const parts = [
    [counted('create'), 'new'],
    [counted('modify'), 'changed'],
    [counted('remove'), 'removed'],
  ] as const
  return parts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])).join(', ')
}

function taskDetails(task: Task): string {
  const { id, title, source, changes, mayTouch, excluded, integrates, tests, validation, rollbackPoint, estimate } =
    task
  const paths = (what: string, list: readonly string[]) => (list.length === 0 ? [] : [`${what}: ${somePaths(list)}`])
  const recipe = source.kind === 'recipe' ? ` ${codeSpan(source.recipe)}` : ''
  return joined([
    `**Task ${id}: ${inline(title, 200)}** — from ${SOURCES[source.kind]}${recipe}`,
    fileTable(changes),
    bullets([
      ...(task.exact ? [] : paths('May touch', mayTouch)),
      ...paths('Put back afterwards', excluded),
      ...paths('Integrates with', integrates),
      ...paths('Tests', tests),
      `Validated by: ${inline(validation)}`,
      `Rollback point: ${inline(rollbackPoint)}`,
      `Estimate: ${durationText(estimate.p50)} to ${durationText(estimate.p90)} (${inline(estimate.basis)})`,
    ]),
  ])
}

/** Paths in code, the first dozen by name. */
export function somePaths(paths: readonly string[]): string {
  const shown = paths.slice(0, 12).map((path) => codeSpan(path))
  return paths.length > 12 ? `${shown.join(', ')} and ${paths.length - 12} more` : shown.join(', ')
}
