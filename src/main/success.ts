import type pg from 'pg'
import { outcomesByWeek } from '../audit/outcomes.ts'
import { durationText } from '../messages/time.ts'
import { successByWeek } from '../policy/success.ts'
import type { WeekRow } from '../web/success-section.ts'

/** So many weeks the status page looks back on. */
const WEEKS = 12

/** How the updates of the last weeks ended, newest first (MON-4). */
export async function successOf(pool: pg.Pool): Promise<WeekRow[]> {
  const weeks = successByWeek(await outcomesByWeek(pool, WEEKS))
  return weeks.map(({ tookMs, ...week }) => ({ ...week, took: tookMs === null ? '' : durationText(tookMs) }))
}
