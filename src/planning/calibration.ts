import type { FinishedUpdate } from './facts.ts'

/** How well earlier plans predicted, over all finished updates and one by one, oldest first. `error` is actual / P50 - 1. */
export type Calibration = {
  updates: number
  withinP90: number | null
  medianError: number | null
  precision: number | null
  recall: number | null
  overTime: { codename: string; at: string; error: number; withinP90: boolean }[]
}

export function calibration(_history: FinishedUpdate[]): Calibration {
  throw new Error('not written yet')
}
