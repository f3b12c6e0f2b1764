import type pg from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningApp } from './apps.ts'
import type { Ground } from './ground.ts'
import { HARNESS, watchMoments, type Moment } from './moments.ts'
import { isStep, stepName, type StepName } from './steps.ts'

/** Whether to kill because of a moment, and how many ms later; `null` lets the app live. */
export type Aim = (moment: Moment) => number | null

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

export async function startReaper(ground: Ground, tell: (text: string) => void = () => {}): Promise<Reaper> {
  const { pool } = ground.world.database
  const open = new Set<string>()
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
    await connectionsGone(pool)
    const under = await underWay(pool)
    for (const each of under) open.add(each)
    tell(`kill ${kills} at ${why}; under way: ${under.join(', ') || 'nothing'}`)
    app = await ground.apps.start(ground.order)
  }
  const hear = (moment: Moment) => {
    // A step that was under way at a kill has its name only when it is recorded at last.
    if (moment.what === 'step' && open.delete(`${moment.workflow}|${moment.id}`) && isStep(moment.name)) {
      hit.add(stepName(moment.workflow, moment.name))
    }
    if (rising || timer) return
    const delay = aim(moment)
    if (delay === null) return
    const why = JSON.stringify(moment)
    if (delay <= 0) strike(why)
    else timer = setTimeout(strike, delay, `${Math.round(delay)} ms after ${why}`)
  }
  const watching = await watchMoments(ground.databaseUrl, ground.world.github.port, hear)
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

/** What the dead app had sent to the database is carried out or dropped by now. */
async function connectionsGone(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `SELECT 1 FROM pg_stat_activity
       WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> $1`,
      [HARNESS],
    )
    if (rowCount === 0) return
    await sleep(5)
  }
}

/** The first operation of every running workflow that is not recorded, as `workflow|number`. */
async function underWay(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ at: string }>(
    `SELECT s.workflow_uuid || '|' || (
       SELECT min(n) FROM generate_series(0, coalesce(
         (SELECT max(function_id) FROM dbos.operation_outputs o WHERE o.workflow_uuid = s.workflow_uuid), -1) + 1) n
       WHERE NOT EXISTS (
         SELECT 1 FROM dbos.operation_outputs o WHERE o.workflow_uuid = s.workflow_uuid AND o.function_id = n)
     ) AS at
     FROM dbos.workflow_status s WHERE s.status = 'PENDING'`,
  )
  return rows.map(({ at }) => at)
}
