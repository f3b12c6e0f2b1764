import { fileAccuracy } from './accuracy.ts'
import type { FinishedUpdate } from './facts.ts'
import { quantile } from './spans.ts'

/**
 * How well earlier plans predicted, over all finished updates and one by one, oldest first. `error` is actual / P50 - 1: 0.5 took
 * half as long again as predicted. Shares are from 0 to 1, `null` where there is nothing to take a share of.
 */
export type Calibration = {
  updates: number
  withinP90: number | null
  medianError: number | null
  precision: number | null
  recall: number | null
  overTime: { codename: string; at: string; error: number; withinP90: boolean }[]
}

export function calibration(history: FinishedUpdate[]): Calibration {
  const overTime = history
    .toSorted((one, other) => (one.at < other.at ? -1 : 1))
    .filter(({ predicted }) => predicted.p50 > 0)
    .map(({ codename, at, predicted, actual }) => {
      return { codename, at, error: actual.ms / predicted.p50 - 1, withinP90: actual.ms <= predicted.p90 }
    })
  const files = history.map(({ predicted, actual }) =>
    fileAccuracy(predicted.files, actual.files, predicted.open ?? false),
  )
  const within = overTime.map(({ withinP90 }) => (withinP90 ? 1 : 0))
  return {
    updates: history.length,
    withinP90: mean(within),
    medianError:
      overTime.length === 0
        ? null
        : quantile(
            overTime.map(({ error }) => error),
            0.5,
          ),
    precision: mean(files.flatMap(({ precision }) => precision ?? [])),
    recall: mean(files.flatMap(({ recall }) => recall ?? [])),
    overTime,
  }
}

function mean(values: number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
