import type pg from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningApp } from './apps.ts'
import type { Ground } from './ground.ts'
import { HARNESS, watchMoments, type Moment } from './moments.ts'
import { isStep, stepName, type StepName } from './steps.ts'

/** Whether to kill because of a moment, and how many ms later; `null` lets the app live. `planned`: it dies soon anyway. */
export type Aim = (moment: Moment, planned: boolean) => number | null

/** Kills the app and starts it again, as often as it is told to. */
export type Reaper = {
  kills(): number
  /** When the last kill was, epoch ms. */
  lastKill(): number
  /** Steps in which the app has died at least once: one that was under way, not yet recorded. */
  hit: Set<StepName>
  aim(aim: Aim): void
  /** Kills now. */
  strike(why: string): void
  /** Lets the app live from now on; resolves when it is up. */
  rest(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts the app. `slow`: the database takes its time to record a step, and forgets what a dying app was just sending; so
 * that short steps are hit as well.
 */
export async function startReaper(
  ground: Ground,
  { slow = false, tell = () => {} }: { slow?: boolean; tell?: (text: string) => void } = {},
): Promise<Reaper> {
  const { pool } = ground.world.database
  /** Running workflows at the last kill, with their last operation that was recorded. */
  const open = new Map<string, number>()
  const hit = new Set<StepName>()
  let aim: Aim = () => null
  let app: RunningApp = await ground.apps.start(ground.order)
  let kills = 0
  let lastKill = Date.now()
  let timer: NodeJS.Timeout | null = null
  let rising: Promise<void> | null = null

  const strike = (why: string) => {
    if (timer) clearTimeout(timer)
    timer = null
    if (rising) return
    const dead = app.kill()
    kills += 1
    lastKill = Date.now()
    rising = rise(dead, why).finally(() => (rising = null))
  }
  const rise = async (dead: Promise<void>, why: string) => {
    await dead
    await connectionsGone(pool, slow)
    const under = await underWay(pool)
    for (const { workflow, last } of under) open.set(workflow, last)
    const where = under.map(({ workflow, last }) => `${workflow} behind ${last}`)
    tell(`kill ${kills} at ${why}; under way: ${where.join(', ') || 'nothing'}`)
    app = await ground.apps.start(ground.order)
  }
  const hear = (moment: Moment) => {
    // A step that was under way at a kill has its name only when it is recorded at last.
    if (moment.what === 'step' && moment.id > (open.get(moment.workflow) ?? Infinity)) {
      open.delete(moment.workflow)
      if (isStep(moment.name)) hit.add(stepName(moment.workflow, moment.name))
    }
    if (rising) return
    const delay = aim(moment, timer !== null)
    if (delay === null) return
    const why = JSON.stringify(moment)
    // A kill that is planned may come earlier, not later.
    if (delay <= 0) strike(why)
    else timer ??= setTimeout(strike, delay, `${Math.round(delay)} ms after ${why}`)
  }
  const watching = await watchMoments(ground.databaseUrl, ground.world.github.port, slow, hear)
  const rest = async () => {
    aim = () => null
    if (timer) clearTimeout(timer)
    timer = null
    await rising
  }
  return {
    kills: () => kills,
    lastKill: () => lastKill,
    hit,
    aim: (given) => void (aim = given),
    strike,
    rest,
    async stop() {
      await rest()
      await watching.stop()
      await app.stop()
    },
  }
}

/** What the dead app had sent to the database is carried out by now, or dropped, as if it had died a little sooner. */
async function connectionsGone(pool: pg.Pool, drops: boolean): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `SELECT CASE WHEN $2 THEN pg_terminate_backend(pid) END FROM pg_stat_activity
       WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> $1`,
      [HARNESS, drops],
    )
    if (rowCount === 0) return
    await sleep(5)
  }
}

/** Every running workflow, with the number of its last recorded operation, -1 for none. */
async function underWay(pool: pg.Pool): Promise<{ workflow: string; last: number }[]> {
  const { rows } = await pool.query<{ workflow: string; last: number }>(
    `SELECT workflow_uuid AS workflow, coalesce(
       (SELECT max(function_id) FROM dbos.operation_outputs o WHERE o.workflow_uuid = s.workflow_uuid), -1) AS last
     FROM dbos.workflow_status s WHERE status = 'PENDING'`,
  )
  return rows
}
