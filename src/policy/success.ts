import type { Outcome } from '../model.ts'

/** Updates of a week that ended with an outcome; `tookMs` is the median from label to end. */
type Count = { week: string; outcome: Outcome; updates: number; tookMs: number }

/**
 * How a week went. `notCarriedOut` are those that people or checks stopped; `success` is the share of
 * those that were carried out, from 0 to 1, and `tookMs` how long half of the successful ones took at most; `null` where there are none.
 */
export type Week = {
  week: string
  succeeded: number
  failed: number
  rolledBack: number
  notCarriedOut: number
  success: number | null
  tookMs: number | null
}

/** The weeks in the order of the counts (MON-4). */
export function successByWeek(counts: Count[]): Week[] {
  return [...Map.groupBy(counts, ({ week }) => week)].map(([week, theirs]) => {
    const of = (...outcomes: Outcome[]) =>
      theirs.filter(({ outcome }) => outcomes.includes(outcome)).reduce((sum, { updates }) => sum + updates, 0)
    const succeeded = of('succeeded')
    const failed = of('failed', 'rollback-failed')
    const rolledBack = of('rolled-back')
    const carriedOut = succeeded + failed + rolledBack
    return {
      week,
      succeeded,
      failed,
      rolledBack,
      notCarriedOut: theirs.reduce((sum, { updates }) => sum + updates, 0) - carriedOut,
      success: carriedOut === 0 ? null : succeeded / carriedOut,
      tookMs: theirs.find(({ outcome }) => outcome === 'succeeded')?.tookMs ?? null,
    }
  })
}
