import { afterAll, beforeAll, expect, test } from 'vitest'
import { outcomesByWeek } from '../../src/audit/outcomes.ts'
import { updates as updatesIn, type Updates } from '../../src/audit/updates.ts'
import type { Outcome } from '../../src/model.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let updates: Updates
beforeAll(async () => {
  database = await testDatabase()
  updates = updatesIn(database.pool)
})
afterAll(() => database.drop())

async function ended(codename: string, outcome: Outcome, began: string, at: string): Promise<void> {
  const about = { repo: 'a/shop', installation: 1, requester: 'ann', title: 'Change it', state: () => ({}) }
  const issue = Number(codename.slice(1))
  await updates.open({ ...about, issue, at: began, cause: codename, codename: () => codename })
  await updates.advance(codename, { phase: 'finished', outcome, at })
}

test('MON-4 updates are counted by the week in which they ended, from Monday on, with the median of how long they took', async () => {
  await ended('u1', 'succeeded', '2026-11-15T23:59:00.000Z', '2026-11-16T00:01:00.000Z')
  await ended('u2', 'succeeded', '2026-11-20T10:00:00.000Z', '2026-11-20T10:04:00.000Z')
  await ended('u3', 'succeeded', '2026-11-20T10:00:00.000Z', '2026-11-20T10:20:00.000Z')
  await ended('u4', 'rolled-back', '2026-11-22T23:00:00.000Z', '2026-11-22T23:59:59.000Z')
  await ended('u5', 'failed', '2026-11-15T23:00:00.000Z', '2026-11-15T23:59:59.000Z')
  await ended('u6', 'failed', '2026-10-01T10:00:00.000Z', '2026-10-01T11:00:00.000Z')
  // What is kept of it afterwards does not move it.
  await updates.advance('u2', { state: { findings: [] } })
  expect(await outcomesByWeek(database.pool, 2)).toEqual([
    { week: '2026-11-16', outcome: 'rolled-back', updates: 1, tookMs: 3_599_000 },
    { week: '2026-11-16', outcome: 'succeeded', updates: 3, tookMs: 240_000 },
    { week: '2026-11-09', outcome: 'failed', updates: 1, tookMs: 3_599_000 },
  ])
})
