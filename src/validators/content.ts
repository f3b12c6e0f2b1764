import picomatch from 'picomatch'
import type { Finding, GateName, MeasuredFile, Task } from '../model.ts'
import { reporter } from './report.ts'

/**
 * Holds the contents that an exact task made against those that it made when it was planned: the same blobs, or it is no
 * exact task. Left out is what an earlier task whose change nobody knew beforehand may have changed. `before` are the tasks
 * that ran earlier. What is of another kind or size is `deviations()`' to report.
 */
export function contentDeviations(task: Task, files: MeasuredFile[], before: Task[], gate: GateName): Finding[] {
  if (!task.exact) return []
  const report = reporter(gate)
  const open = before.flatMap(({ exact, mayTouch }) => (exact ? [] : mayTouch))
  const unsure = open.length === 0 ? () => false : picomatch(open, { dot: true })
  const made = new Map(files.map((file) => [file.path, file]))
  return task.changes.flatMap(({ path, kind, additions, deletions, blob }) => {
    const file = made.get(path)
    if (blob === undefined || file === undefined || file.blob === blob || unsure(path)) return []
    if (file.kind !== kind || file.additions !== additions || file.deletions !== deletions) return []
    const message = `Task ${task.id} made another content than when it was planned: ${short(file.blob)}, not ${short(blob)}.`
    return [report('error', 'deviation-content', path, message, remedyFor(task))]
  })
}

const short = (blob = 'none') => blob.slice(0, 12)

function remedyFor({ source, agent }: Task): string {
  return source.kind === 'recipe'
    ? `See that ${agent} gives the same files each time, without times, random names or anything from a network; then comment /retry.`
    : 'Comment /retry: the plan is made anew.'
}
