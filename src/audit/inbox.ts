import type pg from 'pg'
import type { Json } from '../model.ts'
import { drain, type Draining, type DrainOptions } from './drain.ts'

/** A webhook as GitHub sent it. `id` is its `X-GitHub-Delivery`, which a redelivery keeps; `payload` the body's text. */
export type Delivery = { id: string; event: string; payload: string }

/** One that is to be processed; `tries` counts those that failed. */
export type PendingDelivery = {
  id: string
  event: string
  repo: string
  receivedAt: string
  tries: number
  error: string | null
}

/** One as its handler gets it. */
export type ReceivedDelivery = { id: string; event: string; payload: Json }

export type Inbox = {
  /** Keeps it for good; true when it is new. One statement, so that the webhook can be answered at once. */
  accept(delivery: Delivery): Promise<boolean>
  /** Those of the ids that were accepted once, processed or not. */
  known(ids: string[]): Promise<Set<string>>
  /** Whether anything was ever accepted. */
  used(): Promise<boolean>
  /** What waits, in order of arrival. */
  pending(): Promise<PendingDelivery[]>
  /** Begins to process what waits and what comes, here and in every other instance that does the same. */
  drain(handler: (delivery: ReceivedDelivery) => Promise<void>, options?: DrainOptions): Draining
}

/** The durable inbox of webhooks in `pawl.deliveries`. */
export function inbox(pool: pg.Pool): Inbox {
  const draining = new Set<Draining>()
  return {
    async accept({ id, event, payload }) {
      const { rowCount } = await pool.query({
        name: 'accept-delivery',
        text: `INSERT INTO pawl.deliveries (id, event, repo, payload) VALUES ($1, $2, $3, $4)
               ON CONFLICT (id) DO NOTHING`,
        values: [id, event, repositoryOf(payload), payload],
      })
      for (const one of draining) one.nudge()
      return rowCount === 1
    },

    async known(ids) {
      const { rows } = await pool.query<{ id: string }>('SELECT id FROM pawl.deliveries WHERE id = ANY($1)', [ids])
      return new Set(rows.map(({ id }) => id))
    },

    async used() {
      const { rows } = await pool.query('SELECT 1 FROM pawl.deliveries LIMIT 1')
      return rows.length > 0
    },

    async pending() {
      const { rows } = await pool.query<Omit<PendingDelivery, 'receivedAt'> & { received_at: Date }>(
        `SELECT id, event, repo, received_at, tries, error FROM pawl.deliveries
         WHERE processed_at IS NULL ORDER BY position`,
      )
      return rows.map(({ received_at, ...same }) => ({ ...same, receivedAt: received_at.toISOString() }))
    },

    drain(handler, options = {}) {
      const begun = drain(pool, handler, options)
      draining.add(begun)
      return {
        ...begun,
        async stop() {
          draining.delete(begun)
          await begun.stop()
        },
      }
    },
  }
}

/** Deliveries of one repository are kept in order; those that concern none are kept in order among themselves. */
function repositoryOf(payload: string): string {
  const body = JSON.parse(payload) as Json
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return ''
  const { repository } = body
  if (typeof repository !== 'object' || repository === null || Array.isArray(repository)) return ''
  return typeof repository['full_name'] === 'string' ? repository['full_name'] : ''
}
