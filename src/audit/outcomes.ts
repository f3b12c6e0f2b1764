import type pg from 'pg'
import type { OutcomeCount } from '../model/success.ts'

/** Counts of the newest weeks in which anything ended, newest first. */
export async function outcomesByWeek(pool: pg.Pool, weeks: number): Promise<OutcomeCount[]> {
  const { rows } = await pool.query<OutcomeCount>(
    `WITH ended AS (
       SELECT outcome, date_trunc('week', phase_since AT TIME ZONE 'UTC') AS week,
         extract(epoch FROM phase_since - created_at) * 1000 AS took
       FROM pawl.updates WHERE outcome IS NOT NULL
     ), newest AS (SELECT DISTINCT week FROM ended ORDER BY week DESC LIMIT $1)
     SELECT to_char(week, 'YYYY-MM-DD') AS week, outcome, count(*)::int AS updates,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY took)::float8 AS "tookMs"
     FROM ended JOIN newest USING (week) GROUP BY week, outcome ORDER BY week DESC, outcome`,
    [weeks],
  )
  return rows
}
