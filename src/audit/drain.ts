import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Json } from '../model.ts'
import { storableText } from '../model/storable-text.ts'
import { transaction } from './transaction.ts'

export type DrainOptions = {
  /** How many are processed at once; each holds a connection of the pool meanwhile. Default 4. */
  concurrency?: number
  /** How often a delivery is tried in all before it is given up. Default 5. */
  tries?: number
  /**
   * Whether an error says that GitHub is out of reach: that is no fault of the delivery, and it is tried until a day has
   * passed since it came. Default: no error does.
   */
  isOutage?: (error: unknown) => boolean
  /** Pause after the first failure, doubled with each further one, in ms. Default 1,000. */
  pauseMs?: number
  /** Hears of each failure, for the log; the delivery keeps the message too. None: the database failed. */
  failed?: (delivery: { id: string; event: string } | null, error: unknown, givenUp: boolean) => void
}

/** `nudge()` says that something new is there; `stop()` lets what is under way end. */
export type Draining = { nudge(): void; stop(): Promise<void> }

type Row = { id: string; event: string; payload: string; tries: number; received_at: Date }

/** How many pauses it rests in an outage, and for how long it is tried, ms. */
const OUTAGE_PAUSES = 5
const LONGEST_OUTAGE_MS = 24 * 60 * 60_000

/** What another instance accepted and then died over is found by looking. */
const LOOK_MS = 1_000

/**
 * The head of each repository's line, if nobody holds it: whoever holds it works on it, and the rest of the line waits.
 * A killed worker's lock falls with its connection, and the delivery is pending again.
 */
const CLAIM = `
  SELECT id, event, payload, tries, received_at FROM pawl.deliveries
  WHERE processed_at IS NULL AND next_try_at <= now() AND id IN (
    SELECT DISTINCT ON (repo) id FROM pawl.deliveries WHERE processed_at IS NULL ORDER BY repo, position
  )
  ORDER BY position LIMIT 1 FOR UPDATE SKIP LOCKED`

export function drain(
  pool: pg.Pool,
  handler: (delivery: { id: string; event: string; payload: Json }) => Promise<void>,
  { concurrency = 4, tries = 5, pauseMs = 1_000, isOutage = () => false, failed = () => {} }: DrainOptions,
): Draining {
  let stopped = false
  let wake = new AbortController()

  const processOne = async (client: pg.PoolClient): Promise<boolean> => {
    const { rows } = await client.query<Row>(CLAIM)
    const row = rows[0]
    // Stopping may have begun while the question was under way.
    if (!row || stopped) return false
    try {
      await handler({ id: row.id, event: row.event, payload: JSON.parse(row.payload) as Json })
    } catch (error) {
      const outage = isOutage(error)
      const counted = row.tries + (outage ? 0 : 1)
      const givenUp = outage ? Date.now() - row.received_at.getTime() > LONGEST_OUTAGE_MS : counted >= tries
      const pause = pauseMs * (outage ? OUTAGE_PAUSES : 2 ** row.tries)
      failed({ id: row.id, event: row.event }, error, givenUp)
      await client.query(
        `UPDATE pawl.deliveries SET tries = $5, error = $2, next_try_at = now() + $3 * interval '1 ms',
           processed_at = CASE WHEN $4 THEN now() END WHERE id = $1`,
        [row.id, storableText(String(error)), pause, givenUp, counted],
      )
      return true
    }
    // The id stays, so that a redelivery is known; the body has done its duty.
    await client.query('UPDATE pawl.deliveries SET processed_at = now(), error = NULL, payload = NULL WHERE id = $1', [
      row.id,
    ])
    return true
  }

  const work = async (): Promise<void> => {
    while (!stopped) {
      const nudged = wake.signal
      const found = await transaction(pool, processOne).catch((error: unknown) => {
        failed(null, error, false)
        return false
      })
      if (!found && !stopped) await sleep(LOOK_MS, undefined, { signal: nudged }).catch(() => {})
    }
  }

  const workers = Array.from({ length: concurrency }, work)
  const nudge = () => {
    wake.abort()
    wake = new AbortController()
  }
  return {
    nudge,
    async stop() {
      stopped = true
      nudge()
      await Promise.all(workers)
    },
  }
}
