import type { Outcome } from '../model.ts'

/** How many updates ended with an outcome in a week, named by its Monday (UTC), and how long half of them took at most, ms. */
export type OutcomeCount = { week: string; outcome: Outcome; updates: number; tookMs: number }

/**
 * How a week went. `notCarriedOut` are those that people or checks stopped; `success` is the share of those that were carried out,
 * from 0 to 1, and `tookMs` how long half of the successful ones took at most; `null` where there are none.
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
