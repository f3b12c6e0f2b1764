import picomatch from 'picomatch'
import type { FileChange, Finding, GateName, MeasuredFile, Task } from '../model.ts'
import { reporter } from './report.ts'
import type { Validator } from './validator.ts'

const remedy = 'Make the plan anew with what is really needed (/revise), and have that approved.'

/** How much larger than estimated the change of a task may be whose change is not known exactly beforehand. */
const allowed = (lines: number) => 2 * lines + 20

/**
 * Holds a change against the tasks that were to make it, one task after its commit or all of them at the end (EXEC-2): no
 * other paths, none missing, no other size. Tasks whose change was measured beforehand must come out exactly so.
 */
export function deviations(tasks: Task[], files: MeasuredFile[], gate: GateName): Finding[] {
  const report = reporter(gate)
  const plans = tasks.map(planOf)
  const findings: Finding[] = []

  for (const file of files) {
    const strays = touched(file).filter((path) => !plans.some(({ permits }) => permits(path)))
    for (const path of strays) {
      const does = path === file.path ? verb(file) : 'moves away'
      const message = `The change ${does} a path that the plan does not name.`
      findings.push(report('error', 'deviation-path', path, message, remedy))
    }
    const owners = plans.filter(({ permits }) => permits(file.path))
    const promised = owners.flatMap(({ changes }) => changes.filter(({ path }) => path === file.path))
    if (strays.length > 0 || promised.length === 0 || owners.some(({ exact }) => !exact)) continue
    const differs = promised.length === 1 ? difference(file, promised[0]) : excess(file, promised)
    if (differs !== null) findings.push(report('error', 'deviation-size', file.path, differs, remedy))
  }

  const changed = new Set(files.flatMap(touched))
  for (const { path, kind } of missing(plans, changed)) {
    const message = `The plan says that the file is to be ${past[kind]}, and the change leaves it as it was.`
    findings.push(report('error', 'deviation-missing', path, message, remedy))
  }
  return [...findings, ...oversized(plans, files, gate)]
}

export function fidelityValidator(gate: GateName): Validator {
  return { name: 'fidelity', review: async ({ plan, files }) => deviations(plan.tasks, files, gate) }
}

type TaskPlan = { task: Task; exact: boolean; changes: FileChange[]; permits: (path: string) => boolean }

function planOf(task: Task): TaskPlan {
  const excluded = matcher(task.excluded)
  const touchable = matcher(task.mayTouch)
  const changes = task.changes.filter(({ path }) => !excluded(path))
  const named = new Set(changes.flatMap(touched))
  const permits = (path: string) => !excluded(path) && (named.has(path) || (!task.exact && touchable(path)))
  return { task, exact: task.exact, changes, permits }
}

/** What an exact task promised must be there, unless a later task takes it back. */
function missing(plans: TaskPlan[], changed: Set<string>): FileChange[] {
  const promised = plans.filter(({ exact }) => exact).flatMap(({ changes }) => changes)
  return promised.filter(({ path }) => {
    if (changed.has(path)) return false
    return promised.filter((other) => other.path === path).length === 1
  })
}

function difference(file: MeasuredFile, promised: FileChange | undefined): string | null {
  // Git guesses renames from the whole change: what one task moved, it may see as a new and a removed file, and the other way round.
  if (promised === undefined || file.from !== promised.from) return null
  if (file.kind !== promised.kind)
    return `The change ${verb(file)} the file; the plan says that it is to be ${past[promised.kind]}.`
  if (file.additions === promised.additions && file.deletions === promised.deletions) return null
  return `The change is ${sizeOf(file)} lines; the plan says ${sizeOf(promised)}.`
}

/** Several tasks in one file may undo parts of each other: together they cannot do more than each by itself. */
function excess(file: MeasuredFile, promised: FileChange[]): string | null {
  if (file.from !== undefined || promised.some(({ from }) => from !== undefined)) return null
  const additions = promised.reduce((sum, change) => sum + change.additions, 0)
  const deletions = promised.reduce((sum, change) => sum + change.deletions, 0)
  if (file.additions <= additions && file.deletions <= deletions) return null
  return `The change is ${sizeOf(file)} lines; all tasks together were to make ${sizeOf({ additions, deletions })}.`
}

function oversized(plans: TaskPlan[], files: MeasuredFile[], gate: GateName): Finding[] {
  const report = reporter(gate)
  return plans.flatMap(({ task, exact, changes, permits }) => {
    const estimated = lines(changes)
    if (exact || estimated === 0) return []
    const real = lines(files.filter(({ path }) => permits(path)))
    if (real <= allowed(estimated)) return []
    const message = `Task ${task.id} changes ${real} lines; the plan estimates ${estimated}.`
    const { path } = files.find((file) => permits(file.path)) ?? { path: '' }
    return [report('error', 'deviation-size', path, message, remedy)]
  })
}

/** A rename touches two paths. */
const touched = ({ path, from }: { path: string; from?: string }) => (from === undefined ? [path] : [path, from])
const past = { create: 'created', modify: 'modified', remove: 'removed' }
const verb = ({ kind }: MeasuredFile) => ({ create: 'creates', modify: 'modifies', remove: 'removes' })[kind]
const sizeOf = ({ additions, deletions }: { additions: number; deletions: number }) => `+${additions} −${deletions}`
const lines = (changes: { additions: number; deletions: number }[]) =>
  changes.reduce((sum, { additions, deletions }) => sum + additions + deletions, 0)

function matcher(globs: string[]): (path: string) => boolean {
  return globs.length === 0 ? () => false : picomatch(globs, { dot: true })
}
