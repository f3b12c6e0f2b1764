import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { HARNESS } from './moments.ts'
import type { StepName } from './steps.ts'

/**
 * Holds the record of chosen steps back: what the step does is done then, and nobody knows it. The database waits for a
 * lock of the harness before it records a step of that name.
 */
const HOLD = `
  CREATE OR REPLACE FUNCTION public.crash_gate() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(4242, hashtext(public.crash_step(NEW.workflow_uuid, NEW.function_name)));
    RETURN NEW;
  END $$;
  CREATE OR REPLACE TRIGGER crash_gate BEFORE INSERT ON dbos.operation_outputs
    FOR EACH ROW EXECUTE FUNCTION public.crash_gate();
`

export type Gates = {
  /** The steps whose records are still held back. */
  closed(): StepName[]
  /** The steps that wait at their gates now. */
  waiting(): Promise<StepName[]>
  open(steps: StepName[]): Promise<void>
  stop(): Promise<void>
}

const LOOK_MS = 15

/** How long is waited for others to come to their gates too, so that one kill hits them all. */
const GATHER_MS = 120

/** `reached` is called with the steps that stand at their gates, and not again before it has ended. */
export async function closeGates(
  databaseUrl: string,
  steps: Iterable<StepName>,
  reached: (waiting: StepName[]) => Promise<void>,
): Promise<Gates> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: HARNESS })
  await client.connect()
  await client.query(HOLD)
  const closed = new Map<number, StepName>()
  for (const step of steps) {
    const { rows } = await client.query<{ key: string }>(
      'SELECT hashtext($1)::bigint & 4294967295 AS key, pg_advisory_lock(4242, hashtext($1))',
      [step],
    )
    closed.set(Number(rows[0]?.key), step)
  }
  const waiting = async (): Promise<StepName[]> => {
    const { rows } = await client.query<{ key: string }>(
      `SELECT DISTINCT objid::bigint AS key FROM pg_locks
       WHERE locktype = 'advisory' AND classid = 4242 AND NOT granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    )
    return rows.flatMap(({ key }) => closed.get(Number(key)) ?? [])
  }
  let stopped = false
  const looking = (async () => {
    while (!stopped) {
      if ((await waiting()).length > 0) {
        await sleep(GATHER_MS)
        const all = await waiting()
        if (all.length > 0) await reached(all)
      }
      await sleep(LOOK_MS)
    }
  })()
  return {
    closed: () => [...closed.values()],
    waiting,
    async open(opened) {
      for (const [key, step] of closed) {
        if (!opened.includes(step)) continue
        closed.delete(key)
        await client.query('SELECT pg_advisory_unlock(4242, hashtext($1))', [step])
      }
    },
    async stop() {
      stopped = true
      await looking
      await client.end()
    },
  }
}
