import type pg from 'pg'
import { transaction } from './transaction.ts'

/** Each is run once, in order; a change is a new one at the end, never an edit. The first is version 1. */
const MIGRATIONS = [
  `
  CREATE TABLE pawl.events (
    seq       bigint PRIMARY KEY,
    at        timestamptz NOT NULL,
    repo      text,
    issue     int,
    attempt   int,
    codename  text,
    kind      text NOT NULL,
    data      jsonb NOT NULL,
    key       text NOT NULL UNIQUE,
    prev      text NOT NULL,
    hash      text NOT NULL
  );
  CREATE INDEX events_by_codename ON pawl.events (codename, seq);
  CREATE INDEX events_by_repo ON pawl.events (repo, seq);

  CREATE FUNCTION pawl.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'The audit log is append-only: % is refused', TG_OP;
  END $$;
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pawl.events
    FOR EACH STATEMENT EXECUTE FUNCTION pawl.refuse_change();

  CREATE TABLE pawl.updates (
    codename     text PRIMARY KEY,
    repo         text NOT NULL,
    issue        int NOT NULL,
    attempt      int NOT NULL,
    installation bigint NOT NULL,
    requester    text NOT NULL,
    title        text NOT NULL,
    stage        text NOT NULL,
    phase        text NOT NULL,
    phase_since  timestamptz NOT NULL,
    outcome      text,
    state        jsonb NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    position     bigserial,
    UNIQUE (repo, issue, attempt)
  );
  CREATE UNIQUE INDEX one_open_attempt ON pawl.updates (repo, issue) WHERE outcome IS NULL;
  CREATE INDEX updates_by_position ON pawl.updates (position);

  CREATE TABLE pawl.deliveries (
    id           text PRIMARY KEY,
    event        text NOT NULL,
    repo         text NOT NULL,
    payload      text,
    position     bigserial,
    received_at  timestamptz NOT NULL DEFAULT now(),
    tries        int NOT NULL DEFAULT 0,
    next_try_at  timestamptz NOT NULL DEFAULT now(),
    processed_at timestamptz,
    error        text
  );
  CREATE INDEX deliveries_pending ON pawl.deliveries (repo, position) WHERE processed_at IS NULL;
  `,
]

/** Any number that nothing else in the database locks on; it stands for "the tables of Pawl are being made". */
const MIGRATION_LOCK = 7_291_551_001

/**
 * Brings the schema `pawl` to the newest version. Safe to call by several instances at once and at every start.
 *
 * @throws {Error} when the database was made by a newer version of Pawl.
 */
export function migrate(pool: pg.Pool): Promise<void> {
  return transaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    await client.query('CREATE SCHEMA IF NOT EXISTS pawl')
    await client.query('CREATE TABLE IF NOT EXISTS pawl.migrations (version int PRIMARY KEY, at timestamptz NOT NULL)')
    const { rows } = await client.query<{ version: number }>(
      'SELECT coalesce(max(version), 0)::int AS version FROM pawl.migrations',
    )
    const version = rows[0]?.version ?? 0
    if (version > MIGRATIONS.length) {
      throw new Error(
        `The database has version ${version} of the tables, this Pawl knows ${MIGRATIONS.length}. Start a Pawl as new as the one before.`,
      )
    }
    for (const [index, statements] of MIGRATIONS.entries()) {
      if (index < version) continue
      await client.query(statements)
      await client.query('INSERT INTO pawl.migrations (version, at) VALUES ($1, now())', [index + 1])
    }
  })
}
