import { afterAll, beforeAll, expect, test } from 'vitest'
import { atEachWrite } from '../../scripts/crash/aims.ts'
import { startGround, type Ground } from '../../scripts/crash/ground.ts'
import { startReaper, type Reaper } from '../../scripts/crash/reaper.ts'
import { learnSteps } from '../../scripts/crash/steps.ts'
import { census, trial, type Clean } from '../../scripts/crash/trial.ts'
import type { StoryKind } from '../../scripts/crash/stories.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

const KINDS: StoryKind[] = ['succeeds', 'rolls back']

/** What GitHub has done when the app is killed, before it knows. */
const WRITES = [
  'POST issues/0/comments',
  'PATCH issues/comments/0',
  'POST git-receive-pack',
  'POST pulls',
  'PUT pulls/0/merge',
  'POST check-runs',
  'POST deployments',
]

let database: TestDatabase
let ground: Ground
let reaper: Reaper

beforeAll(async () => {
  database = await testDatabase()
  ground = await startGround(database.url)
  reaper = await startReaper(ground)
})
afterAll(async () => {
  await reaper.stop()
  await ground.close()
  await database.drop()
})

test('EXEC-4 an app that is killed in every step loses nothing, doubles nothing, and ends each update as it would have', async () => {
  const clean: Clean = new Map()
  for (const [{ kind }, found] of await census(ground, KINDS, reaper)) clean.set(kind, found)
  const steps = await learnSteps(ground.world.database.pool)
  const writes = new Set(WRITES)
  await reaper.killIn(steps)
  reaper.aim(atEachWrite(writes))
  for (const { lost, doubled, trees } of await trial(ground, KINDS, clean, reaper)) {
    expect({ lost, doubled, trees }).toEqual({ lost: [], doubled: [], trees: [] })
  }
  // It was killed in each of them: what is left over had no kill.
  expect([...steps]).toEqual([])
  expect([...writes]).toEqual([])
  expect(await ground.world.app.audit.verify()).toMatchObject({ verified: true })
}, 600_000)
