import stringify from 'fast-json-stable-stringify'
import type pg from 'pg'
import { COLUMNS, eventOf, GENESIS, hashOf, type EventRow, type NewEvent, type StoredEvent } from './event.ts'
import { storable } from './storable.ts'
import { transaction } from './transaction.ts'

export type Appended = { event: StoredEvent; created: boolean }

/** `head` is the hash of the newest event. `fault` names the first event that does not fit, and why. */
export type Verification = {
  events: number
  head: string
  verified: boolean
  fault?: { seq: number | null; reason: string }
}

export type EventFilter = { repo?: string; codename?: string; kinds?: string[] }

export type AuditLog = {
  /** Appends once for each key: with the same key again it changes nothing and returns the first, `created` false. */
  append(event: NewEvent): Promise<Appended>
  byKey(key: string): Promise<StoredEvent | null>
  /**
   * Recomputes the whole chain. A cut tail shows only against a head remembered elsewhere (`expectedHead`), and so does a
   * chain that was written anew from some event on.
   */
  verify(options?: { expectedHead?: string }): Promise<Verification>
  /** All events that fit, oldest first. */
  list(filter?: EventFilter): Promise<StoredEvent[]>
  /** The whole log as JSON lines, oldest first, without the line ends. */
  export(): AsyncIterable<string>
}

/** Serialises appending over all instances; stands for "the end of the chain". */
const CHAIN_LOCK = 7_291_551_002

const PAGE = 1_000

/** The append-only log in `pawl.events`: one SHA-256 hash chain over everything that happened. */
export function auditLog(pool: pg.Pool): AuditLog {
  async function* all(): AsyncGenerator<StoredEvent> {
    for (let last = 0; ;) {
      const { rows } = await pool.query<EventRow>(
        `SELECT ${COLUMNS} FROM pawl.events WHERE seq > $1 ORDER BY seq LIMIT ${PAGE}`,
        [last],
      )
      for (const row of rows) yield eventOf(row)
      const end = rows.at(-1)
      if (!end || rows.length < PAGE) return
      last = Number(end.seq)
    }
  }

  return {
    append: (event) =>
      transaction(pool, async (client) => {
        await client.query('SELECT pg_advisory_xact_lock($1)', [CHAIN_LOCK])
        const known = await client.query<EventRow>(`SELECT ${COLUMNS} FROM pawl.events WHERE key = $1`, [event.key])
        if (known.rows[0]) return { event: eventOf(known.rows[0]), created: false }
        const end = await client.query<EventRow>(`SELECT ${COLUMNS} FROM pawl.events ORDER BY seq DESC LIMIT 1`)
        const next = link(event, end.rows[0] ? eventOf(end.rows[0]) : null)
        await client.query(
          `INSERT INTO pawl.events (seq, at, repo, issue, attempt, codename, kind, data, key, prev, hash)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
          // The driver would write an array as PostgreSQL's own kind of array.
          [
            next.seq,
            next.at,
            next.repo,
            next.issue,
            next.attempt,
            next.codename,
            next.kind,
            JSON.stringify(next.data),
            next.key,
            next.prev,
            next.hash,
          ],
        )
        return { event: next, created: true }
      }),

    async byKey(key) {
      const { rows } = await pool.query<EventRow>(`SELECT ${COLUMNS} FROM pawl.events WHERE key = $1`, [key])
      return rows[0] ? eventOf(rows[0]) : null
    },

    async verify({ expectedHead } = {}) {
      let events = 0
      let head = GENESIS
      let remembered = expectedHead === undefined || expectedHead === GENESIS
      for await (const event of all()) {
        const reason = faultOf(event, events, head)
        if (reason !== null) return { events, head, verified: false, fault: { seq: event.seq, reason } }
        events += 1
        head = event.hash
        if (head === expectedHead) remembered = true
      }
      if (remembered) return { events, head, verified: true }
      const reason = `the remembered head ${expectedHead} is not in the chain: its end was cut off or written anew`
      return { events, head, verified: false, fault: { seq: null, reason } }
    },

    async list({ repo, codename, kinds } = {}) {
      const { rows } = await pool.query<EventRow>(
        `SELECT ${COLUMNS} FROM pawl.events
         WHERE ($1::text IS NULL OR repo = $1) AND ($2::text IS NULL OR codename = $2)
           AND ($3::text[] IS NULL OR kind = ANY($3))
         ORDER BY seq`,
        [repo ?? null, codename ?? null, kinds ?? null],
      )
      return rows.map(eventOf)
    },

    async *export() {
      for await (const event of all()) yield stringify(event)
    },
  }
}

function link(event: NewEvent, end: StoredEvent | null): StoredEvent {
  const unsealed = {
    seq: (end?.seq ?? 0) + 1,
    at: new Date(event.at).toISOString().replace('Z', '000Z'),
    repo: event.repo,
    issue: event.issue ?? null,
    attempt: event.attempt ?? null,
    codename: event.codename ?? null,
    kind: event.kind,
    data: storable(event.data),
    key: event.key,
    prev: end?.hash ?? GENESIS,
  }
  return { ...unsealed, hash: hashOf(unsealed) }
}

function faultOf(event: StoredEvent, before: number, head: string): string | null {
  if (event.seq !== before + 1) return `event ${before + 1} is missing`
  if (event.prev !== head) return 'it does not follow the event before it'
  if (event.hash !== hashOf(event)) return 'its content is not what was written'
  return null
}
