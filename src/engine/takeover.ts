import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { EngineLogger } from './logger.ts'

const SWEEP_MS = 1_000
/** A query that takes longer means that the server is out of reach, and the proof of life with it. */
const ANSWER_MS = 30_000
const LAUNCHING = 'pawl:launching'
const LAUNCH_LOOK_MS = 50
/** BSD's EX_SOFTWARE; a supervisor starts us again. */
const LOST_EXIT = 70

export type ProofOfLife = { client: pg.Client; lost(error: Error): void; end(): Promise<void> }

/**
 * Takes a session lock of the database in the name of this instance. As long as the connection lives, the others leave
 * our workflows alone; the server drops the lock at any death of ours.
 *
 * When the connection is lost the process exits: from that moment others may run our workflows, and two must not.
 *
 * @throws {Error} when a living instance has the same name.
 */
export async function proveLife(databaseUrl: string, executorId: string, logger: EngineLogger): Promise<ProofOfLife> {
  const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true, query_timeout: ANSWER_MS })
  const lost = (error: Error) => {
    logger.error({ err: error }, 'The database connection is lost, and with it the claim on running updates: exiting.')
    process.exit(LOST_EXIT)
  }
  await client.connect()
  client.on('error', lost)
  if (!(await tryLock(client, executorId))) {
    client.off('error', lost)
    await client.end()
    throw new Error(`Another instance named ${executorId} is running on this database; give each a name of its own.`)
  }
  return {
    client,
    lost,
    async end() {
      client.off('error', lost)
      client.on('error', () => {})
      await client.end()
    },
  }
}

/** Takes over, at once and every second, what instances without a proof of life have left behind; until the signal. */
export async function takeOver(
  life: ProofOfLife,
  me: string,
  logger: EngineLogger,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    try {
      await sweep(life.client, me, logger)
    } catch (error) {
      if (error instanceof Error && error.message === 'Query read timeout') life.lost(error)
      if (!stopping.aborted) logger.warn({ err: error }, 'Looking for interrupted updates failed; trying again.')
    }
    await sleep(SWEEP_MS, undefined, { signal: stopping }).catch(() => {})
  }
}

async function sweep(client: pg.Client, me: string, logger: EngineLogger): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT DISTINCT executor_id AS id FROM dbos.workflow_status WHERE status = 'PENDING' AND executor_id <> $1`,
    [me],
  )
  for (const { id } of rows) {
    if (!(await tryLock(client, id))) continue
    try {
      const recovered = await DBOSExecutor.globalInstance?.recoverPendingWorkflows([id])
      if (recovered?.length) logger.info({ from: id, workflows: recovered.length }, 'Took over interrupted workflows.')
    } finally {
      await giveBack(client, lockName(id))
    }
  }
}

/**
 * Runs `launch` while no other instance does the same on this database. The library's migrations build indexes
 * concurrently, and two that do so at once end in a deadlock. Asking again and again, rather than waiting in one query,
 * matters: such an index also waits for every query that began before it.
 */
export async function launchAlone(client: pg.Client, launch: () => Promise<void>): Promise<void> {
  while (!(await take(client, LAUNCHING))) await sleep(LAUNCH_LOOK_MS)
  try {
    await launch()
  } finally {
    await giveBack(client, LAUNCHING)
  }
}

const tryLock = (client: pg.Client, executorId: string) => take(client, lockName(executorId))

const lockName = (executorId: string): string => `pawl:executor:${executorId}`

async function take(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
    [name],
  )
  return rows[0]?.taken === true
}

async function giveBack(client: pg.Client, name: string): Promise<void> {
  await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name])
}
