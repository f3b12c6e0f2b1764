import type pg from 'pg'
import type { RepositoryName } from '../model.ts'

/** What a repository has used since a moment: updates that were begun, and what models took, USD where prices are known. */
export type Usage = { updates: number; tokens: number; usd: number }

/** The kind of event in which what a model used is written down: `{ tokens, usd }`. */
export const SPENDING = 'model spending'

/** Counts in the log and in the projection of updates; `since` is ISO 8601, `without` a codename that is not counted. */
export async function usageSince(pool: pg.Pool, repo: RepositoryName, since: string, without: string): Promise<Usage> {
  const { rows } = await pool.query<Usage>(
    `SELECT
       (SELECT count(*)::int FROM pawl.updates WHERE repo = $1 AND created_at > $2 AND codename <> $3) AS updates,
       coalesce(sum((data->>'tokens')::float8), 0) AS tokens,
       coalesce(sum((data->>'usd')::float8), 0) AS usd
     FROM pawl.events WHERE repo = $1 AND at > $2 AND kind = $4`,
    [repo, since, without, SPENDING],
  )
  return rows[0] ?? { updates: 0, tokens: 0, usd: 0 }
}
