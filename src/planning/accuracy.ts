import type { Plan } from '../model.ts'

/** What an update really was: changed paths, carried out tasks, ms from the snapshot to the report. */
export type Actual = { files: string[]; tasks: number; ms: number }

/** Shares are from 0 to 1; `null` where there is nothing to take a share of. */
export type Accuracy = {
  files: { predicted: number; actual: number; precision: number | null; recall: number | null }
  tasks: { predicted: number; actual: number }
  duration: { p50: number; p90: number; actual: number; withinP90: boolean }
}

/** Holds a plan against what it became (PLAN-14). */
export function planAccuracy(plan: Plan, actual: Actual): Accuracy {
  const { p50, p90 } = plan.resources.estimate
  return {
    files: fileAccuracy(predictedFiles(plan), actual.files, isOpen(plan)),
    tasks: { predicted: plan.tasks.length, actual: actual.tasks },
    duration: { p50, p90, actual: actual.ms, withinP90: actual.ms <= p90 },
  }
}

/** The paths that a plan says will change, sorted; a renamed file counts by its new name. */
export function predictedFiles(plan: Pick<Plan, 'tasks'>): string[] {
  return [...new Set(plan.tasks.flatMap(({ changes }) => changes.map(({ path }) => path)))].sort()
}

/** Whether a plan has tasks whose files nobody knows beforehand. */
export function isOpen({ tasks }: Pick<Plan, 'tasks'>): boolean {
  return tasks.some(({ exact }) => !exact)
}

/**
 * How many of the predicted files changed (precision), and how many of the changed ones were predicted (recall). A plan that is
 * open does not say which files change besides, so it has no recall.
 */
export function fileAccuracy(predicted: string[], actual: string[], open: boolean): Accuracy['files'] {
  const [foreseen, real] = [new Set(predicted), new Set(actual)]
  const hits = foreseen.intersection(real).size
  const share = (all: number) => (all === 0 ? null : hits / all)
  return {
    predicted: foreseen.size,
    actual: real.size,
    precision: share(foreseen.size),
    recall: open ? null : share(real.size),
  }
}
