import type { Outcome } from '../model.ts'
import type { OutcomeCount, Week } from '../model/success.ts'

/** The weeks in the order of the counts (MON-4). */
export function successByWeek(counts: OutcomeCount[]): Week[] {
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
