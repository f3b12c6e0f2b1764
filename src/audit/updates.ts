import type pg from 'pg'
import type { Json, Outcome, Phase, RepositoryName } from '../model.ts'
import { storableText } from '../model/storable-text.ts'
import { storable } from './storable.ts'
import { transaction } from './transaction.ts'

/** One attempt at one issue, as people see it now. Times are ISO 8601. */
export type Update = {
  repo: RepositoryName
  issue: number
  attempt: number
  codename: string
  installation: number
  requester: string
  title: string
  stage: string
  phase: Phase
  phaseSince: string
  /** `null` as long as it is not over. */
  outcome: Outcome | null
  state: { [key: string]: Json }
  createdAt: string
  updatedAt: string
  /** Grows with each update; the cursor of `list()`. */
  position: number
}

export type Opening = {
  repo: RepositoryName
  issue: number
  installation: number
  requester: string
  title: string
  at: string
  /** What asks for it, such as a webhook's id: asking again for the same reason finds the attempt that it opened. */
  cause: string
  /** Proposes a name; `taken` is how many of its proposals were taken already. */
  codename: (taken: number) => string
  /** What its state begins with. It is there from the beginning: there is no attempt without it. */
  state: (attempt: Pick<Update, 'attempt' | 'codename'>) => { [key: string]: Json }
}

export type Advance = {
  stage?: string
  phase?: Phase
  outcome?: Outcome
  /** Merged into the state, key by key. */
  state?: { [key: string]: Json }
  /** ISO 8601; default: now. */
  at?: string
}

export type Updates = {
  /** The attempt of this cause, else the open one at this issue, else a new one; only one caller is told `created`. */
  open(opening: Opening): Promise<{ update: Update; created: boolean }>
  /** The attempt at this issue that this cause opened. */
  byCause(repo: RepositoryName, issue: number, cause: string): Promise<Update | null>
  /** Throws when there is no update of this codename. `phaseSince` moves only when the phase changes. */
  advance(codename: string, to: Advance): Promise<Update>
  byCodename(codename: string): Promise<Update | null>
  /** The latest attempt. */
  byIssue(repo: RepositoryName, issue: number): Promise<Update | null>
  /** Those without an outcome, oldest first. */
  active(repo?: RepositoryName): Promise<Update[]>
  countActive(repo: RepositoryName): Promise<number>
  /** Those with an outcome, newest first. */
  finished(repo: RepositoryName, limit: number): Promise<Update[]>
  /** One part of the state of those that succeeded and have it, newest first; of all repositories without a `repo`. */
  succeeded(key: string, of: { repo?: RepositoryName; limit: number }): Promise<{ repo: RepositoryName; value: Json }[]>
  /** All, newest first; `before` is the `position` of the last one seen. */
  list(page: { limit: number; before?: number }): Promise<Update[]>
}

const MOST_NAMES = 1_000

const COLUMNS = `repo, issue, attempt, codename, installation, requester, title, stage, phase, phase_since, outcome, state,
  created_at, updated_at, position`

/** The projection of the updates in `pawl.updates`: the present, where the log is the past. */
export function updates(pool: pg.Pool): Updates {
  const select = async (condition: string, values: unknown[]): Promise<Update[]> => {
    const { rows } = await pool.query<Row>(`SELECT ${COLUMNS} FROM pawl.updates ${condition}`, values)
    return rows.map(updateOf)
  }
  const first = async (condition: string, values: unknown[]) => (await select(condition, values))[0] ?? null

  return {
    open: (opening) => transaction(pool, (client) => openAttempt(client, opening)),

    async advance(codename, { stage, phase, outcome, state, at = new Date().toISOString() }) {
      const { rows } = await pool.query<Row>(
        `UPDATE pawl.updates SET
           stage = coalesce($2, stage),
           phase_since = CASE WHEN $3::text IS DISTINCT FROM phase AND $3 IS NOT NULL THEN $6 ELSE phase_since END,
           phase = coalesce($3, phase),
           outcome = coalesce($4, outcome),
           state = state || $5::jsonb,
           updated_at = $6
         WHERE codename = $1 RETURNING ${COLUMNS}`,
        [codename, stage ?? null, phase ?? null, outcome ?? null, JSON.stringify(storable(state ?? {})), at],
      )
      const row = rows[0]
      if (!row) throw new Error(`There is no update named ${codename}.`)
      return updateOf(row)
    },

    byCodename: (codename) => first('WHERE codename = $1', [codename]),
    byIssue: (repo, issue) => first('WHERE repo = $1 AND issue = $2 ORDER BY attempt DESC LIMIT 1', [repo, issue]),
    byCause: (repo, issue, cause) =>
      first(`WHERE repo = $1 AND issue = $2 AND state->>'cause' = $3`, [repo, issue, cause]),
    active: (repo) =>
      select('WHERE outcome IS NULL AND ($1::text IS NULL OR repo = $1) ORDER BY position', [repo ?? null]),

    async countActive(repo) {
      const { rows } = await pool.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM pawl.updates WHERE repo = $1 AND outcome IS NULL',
        [repo],
      )
      return rows[0]?.count ?? 0
    },

    finished: (repo, limit) =>
      select('WHERE repo = $1 AND outcome IS NOT NULL ORDER BY position DESC LIMIT $2', [repo, limit]),
    async succeeded(key, { repo, limit }) {
      const { rows } = await pool.query<{ repo: RepositoryName; value: Json }>(
        `SELECT repo, state->$1 AS value FROM pawl.updates
         WHERE outcome = 'succeeded' AND ($2::text IS NULL OR repo = $2) AND jsonb_typeof(state->$1) = 'object'
         ORDER BY position DESC LIMIT $3`,
        [key, repo ?? null, limit],
      )
      return rows
    },
    list: ({ limit, before }) =>
      select('WHERE $2::bigint IS NULL OR position < $2 ORDER BY position DESC LIMIT $1', [limit, before ?? null]),
  }
}

async function openAttempt(client: pg.PoolClient, opening: Opening): Promise<{ update: Update; created: boolean }> {
  const { repo, issue, installation, requester, title, at, cause, codename } = opening
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`pawl:issue:${repo}#${issue}`])
  const { rows } = await client.query<Row>(
    `SELECT ${COLUMNS} FROM pawl.updates WHERE repo = $1 AND issue = $2 ORDER BY attempt DESC`,
    [repo, issue],
  )
  const latest = rows[0]
  const known = rows.find(({ state }) => state['cause'] === cause) ?? (latest?.outcome === null ? latest : undefined)
  if (known) return { update: updateOf(known), created: false }
  const attempt = (latest?.attempt ?? 0) + 1
  for (let taken = 0; taken < MOST_NAMES; taken++) {
    const name = codename(taken)
    const state = JSON.stringify(storable({ ...opening.state({ attempt, codename: name }), cause }))
    const made = await client.query<Row>(
      `INSERT INTO pawl.updates
         (codename, repo, issue, attempt, installation, requester, title, stage, phase, phase_since, state, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'propose', 'processing', $8, $9, $8, $8)
       ON CONFLICT (codename) DO NOTHING RETURNING ${COLUMNS}`,
      [name, repo, issue, attempt, installation, requester, storableText(title), at, state],
    )
    const row = made.rows[0]
    if (row) return { update: updateOf(row), created: true }
  }
  throw new Error(`No codename is free for ${repo}#${issue}: ${MOST_NAMES} proposals were taken.`)
}

type Row = {
  repo: string
  issue: number
  attempt: number
  codename: string
  installation: string
  requester: string
  title: string
  stage: string
  phase: Phase
  phase_since: Date
  outcome: Outcome | null
  state: { [key: string]: Json }
  created_at: Date
  updated_at: Date
  position: string
}

function updateOf({ phase_since, created_at, updated_at, installation, position, ...same }: Row): Update {
  return {
    ...same,
    installation: Number(installation),
    position: Number(position),
    phaseSince: phase_since.toISOString(),
    createdAt: created_at.toISOString(),
    updatedAt: updated_at.toISOString(),
  }
}
