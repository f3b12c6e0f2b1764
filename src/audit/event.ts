import stringify from 'fast-json-stable-stringify'
import { createHash } from 'node:crypto'
import type { Json } from '../model.ts'

/** What an event is about. `repo` is `owner/name`, or null for what concerns the whole app. */
export type About = {
  repo: string | null
  issue?: number | null
  attempt?: number | null
  codename?: string | null
  /** ISO 8601. */
  at: string
}

/** An event as it is handed in. The same `key` again is the same event. */
export type NewEvent = About & { kind: string; data: Json; key: string }

/** An event as it is kept. `seq` counts from 1 without gaps; `at` is ISO 8601 with microseconds. */
export type StoredEvent = Required<NewEvent> & { seq: number; prev: string; hash: string }

/** What the first event of the chain names as the hash before it. */
export const GENESIS = '0'.repeat(64)

/** SHA-256 over the canonical JSON of the event, all columns but `hash` itself. */
export function hashOf(event: Omit<StoredEvent, 'hash'>): string {
  const { seq, at, repo, issue, attempt, codename, kind, data, key, prev } = event
  const columns = stringify({ seq, at, repo, issue, attempt, codename, kind, data, key, prev })
  return createHash('sha256').update(columns).digest('hex')
}

/** The columns in the order and form in which they are hashed; PostgreSQL's microseconds included. */
export const COLUMNS = `seq, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
  repo, issue, attempt, codename, kind, data, key, prev, hash`

/** A row of `pawl.events` as the driver gives it: a bigint comes as a string. */
export type EventRow = Omit<StoredEvent, 'seq'> & { seq: string }

export const eventOf = (row: EventRow): StoredEvent => ({ ...row, seq: Number(row.seq) })
