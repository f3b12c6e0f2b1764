import type { Plan } from '../model.ts'

/** What an update really was: changed paths, carried out tasks, ms from the snapshot to the report. */
export type Actual = { files: string[]; tasks: number; ms: number }

/** Shares are from 0 to 1; `null` where there is nothing to take a share of. */
export type Accuracy = {
  files: { predicted: number; actual: number; precision: number | null; recall: number | null }
  tasks: { predicted: number; actual: number }
  duration: { p50: number; p90: number; actual: number; withinP90: boolean }
}

export function planAccuracy(_plan: Plan, _actual: Actual): Accuracy {
  throw new Error('not written yet')
}
