import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningApp } from '../../scripts/crash/apps.ts'
import { takeCensus } from '../../scripts/crash/census.ts'
import { startGround, type Ground } from '../../scripts/crash/ground.ts'
import { repeated } from '../../scripts/crash/judge.ts'
import { tell } from '../../scripts/crash/stories.ts'
import { WEBHOOK_PATH } from '../../src/web/server.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let ground: Ground
let apps: RunningApp[]
beforeAll(async () => {
  database = await testDatabase()
  ground = await startGround(database.url)
  const first = await ground.apps.start(ground.order)
  apps = [first, await ground.apps.start({ ...ground.order, port: 0, data: join(ground.dir, 'second') })]
}, 120_000)
afterAll(async () => {
  await Promise.all(apps.map((app) => app.stop()))
  await ground.close()
  await database.drop()
}, 120_000)

/** The update that is being carried out: where it stands, and the process that carries it out. */
async function delivery(): Promise<{ pid: number; phase: string; steps: number } | null> {
  const { rows } = await database.pool.query<{ executor: string; phase: string; steps: number }>(
    `SELECT executor_id AS executor, phase,
       (SELECT count(*)::int FROM dbos.operation_outputs o WHERE o.workflow_uuid = w.workflow_uuid) AS steps
     FROM dbos.workflow_status w JOIN pawl.updates u ON u.state->>'workflow' = w.workflow_uuid
     WHERE w.name = 'deliver' AND w.status = 'PENDING'`,
  )
  const [row] = rows
  // An executor is named host-pid-uuid.
  return row ? { pid: Number(/-(\d+)-[0-9a-f]{8}-/.exec(row.executor)?.[1]), phase: row.phase, steps: row.steps } : null
}

async function until<T>(look: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== null) return found
    await sleep(20)
  }
}

test('of two apps on one database the second takes over within seconds what the first one leaves when it is killed', async () => {
  const story = tell(ground, 'succeeds')
  const before = await until(async () => {
    const at = await delivery()
    return at?.phase === 'round 1' ? at : null
  })
  const dying = apps.find(({ pid }) => pid === before.pid)
  const living = apps.find(({ pid }) => pid !== before.pid)
  if (!dying || !living) throw new Error(`The update is carried out by ${before.pid}, which is none of the two apps.`)
  apps = [living]
  const killed = Date.now()
  await dying.kill()
  // What stands before the two sends webhooks to the one that is left.
  ground.world.github.setWebhookUrl(living.url + WEBHOOK_PATH)
  const after = await until(async () => {
    const at = await delivery()
    return at !== null && at.pid === living.pid && at.steps > before.steps ? at : null
  })
  expect(Date.now() - killed).toBeLessThan(10_000)
  expect(after.pid).toBe(living.pid)

  const told = await story
  expect(told.ended.map(({ outcome }) => outcome)).toEqual(['succeeded'])
  expect(told.changed).toEqual(told.expected)
  await ground.world.github.idle()
  expect(repeated(await takeCensus(ground, told))).toEqual([])
  expect(await ground.world.app.audit.verify()).toMatchObject({ verified: true })
}, 300_000)
