import type pg from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningApp } from './apps.ts'
import { closeGates } from './gates.ts'
import type { Ground } from './ground.ts'
import { HARNESS, watchMoments, type Moment } from './moments.ts'
import type { StepName } from './steps.ts'

/** Whether to kill because of a moment, and how many ms later; `null` lets the app live. */
export type Aim = (moment: Moment) => number | null

/** Kills the app and starts it again, as often as it is told to. */
export type Reaper = {
  kills(): number
  /** When the last kill was, epoch ms. */
  lastKill(): number
  /** Why the app is not there any more, when it could not be started again. */
  fallen(): Error | null
  aim(aim: Aim): void
  /**
   * Kills once in each of the steps: when it has done what it does, and before that is recorded. Until `rest()`. The steps in
   * which it was killed are taken out of the set.
   */
  killIn(steps: Set<StepName>): Promise<void>
  /** Lets the app live from now on; resolves when it is up. */
  rest(): Promise<void>
  stop(): Promise<void>
}

export async function startReaper(ground: Ground, tell: (text: string) => void = () => {}): Promise<Reaper> {
  const { pool } = ground.world.database
  let aim: Aim = () => null
  let app: RunningApp = await ground.apps.start(ground.order)
  let kills = 0
  let lastKill = Date.now()
  let fallen: Error | null = null
  let timer: NodeJS.Timeout | null = null
  let rising: Promise<void> | null = null
  let gates: { stop(): Promise<void> } | null = null

  const rise = async (dead: Promise<void>, afterDeath: () => Promise<void>) => {
    await dead
    await afterDeath()
    await connectionsGone(pool)
    app = await ground.apps.start(ground.order)
  }
  const strike = (why: string, afterDeath = async () => {}): Promise<void> => {
    if (timer) clearTimeout(timer)
    timer = null
    if (rising) return rising
    const dead = app.kill()
    kills += 1
    lastKill = Date.now()
    tell(`kill ${kills}: ${why}`)
    rising = rise(dead, afterDeath).finally(() => (rising = null))
    // Whoever waits for it hears of a failure; the stories do in any case.
    rising.catch((error: Error) => (fallen = error))
    return rising
  }
  const hear = (moment: Moment) => {
    if (rising) return
    const delay = aim(moment)
    if (delay === null) return
    const why = JSON.stringify(moment)
    // A kill that is planned may come earlier, not later.
    if (delay <= 0) void strike(why)
    else timer ??= setTimeout(() => void strike(`${Math.round(delay)} ms after ${why}`), delay)
  }
  const watching = await watchMoments(ground.databaseUrl, ground.world.github.port, hear)

  const rest = async () => {
    aim = () => null
    if (timer) clearTimeout(timer)
    timer = null
    await gates?.stop()
    gates = null
    await rising
  }
  return {
    kills: () => kills,
    lastKill: () => lastKill,
    fallen: () => fallen,
    aim: (given) => void (aim = given),
    async killIn(steps) {
      const closed = await closeGates(ground.databaseUrl, steps, async (waiting) => {
        await rising
        await strike(`in ${waiting.join(', ')}`, async () => {
          // The records that were held back die with the app: it had not sent them yet.
          await dropConnections(pool)
          await closed.open(waiting)
          for (const step of waiting) steps.delete(step)
        })
      })
      gates = closed
    },
    rest,
    async stop() {
      await rest()
      await watching.stop()
      await app.stop()
    },
  }
}

const OURS = `datname = current_database() AND backend_type = 'client backend' AND application_name = '${HARNESS}'`
const NOT_OURS = OURS.replace('application_name =', 'application_name <>')

async function dropConnections(pool: pg.Pool): Promise<void> {
  await pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${NOT_OURS}`)
}

/** What the dead app had sent to the database is carried out by now. */
async function connectionsGone(pool: pg.Pool): Promise<void> {
  while ((await pool.query(`SELECT 1 FROM pg_stat_activity WHERE ${NOT_OURS}`)).rowCount !== 0) await sleep(5)
}
