import { z } from 'zod'
import type { Plan } from '../../model.ts'
import { fileAccuracy, isOpen, planAccuracy, predictedFiles, type Accuracy } from '../../planning/accuracy.ts'
import type { Calibration } from '../../planning/calibration.ts'
import type { FinishedUpdate } from '../../planning/facts.ts'

/** Shares are from 0 to 1, `null` where there is nothing to take a share of; durations are ms. */
const Share = z.number().nullable()

/** A plan against what it became; tasks and time are known of an update that succeeded. */
export const AccuracyDocument = z.object({
  files: z.object({ predicted: z.int(), actual: z.int(), precision: Share, recall: Share }),
  tasks: z.object({ predicted: z.int(), actual: z.int() }).nullable(),
  duration: z.object({ p50: z.number(), p90: z.number(), actual: z.number(), withinP90: z.boolean() }).nullable(),
}) satisfies z.ZodType<{ [key in keyof Accuracy]: Accuracy[key] | null }>

/** `error` is actual time / P50 - 1; the updates are in the order in which they ended. */
export const CalibrationDocument: z.ZodType<Calibration> = z.object({
  updates: z.int(),
  withinP90: Share,
  medianError: z.number().nullable(),
  precision: Share,
  recall: Share,
  overTime: z.array(z.object({ codename: z.string(), at: z.string(), error: z.number(), withinP90: z.boolean() })),
})

export function accuracyOf(
  plan: Plan,
  files: string[],
  { finished }: { finished: FinishedUpdate | null },
): z.output<typeof AccuracyDocument> {
  if (finished !== null) return planAccuracy(plan, finished.actual)
  return { files: fileAccuracy(predictedFiles(plan), files, isOpen(plan)), tasks: null, duration: null }
}
