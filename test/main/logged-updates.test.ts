import { afterAll, beforeAll, expect, test } from 'vitest'
import { updates as updatesIn } from '../../src/audit/updates.ts'
import { loggedUpdates } from '../../src/main/logged-updates.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

test('MON-4 the log has a line for each update that begins, enters a phase and ends, with its codename', async () => {
  const lines: object[] = []
  const log = { info: (fields: object, message: string) => lines.push({ ...fields, message }) }
  const updates = loggedUpdates(updatesIn(database.pool), log)
  const at = (second: number) => `2026-11-23T10:00:0${second}.000Z`
  const about = { repo: 'a/shop', issue: 70, installation: 1, requester: 'ann', title: 'Change it', state: () => ({}) }
  const opening = { ...about, at: at(0), cause: 'a webhook', codename: () => 'u70' }
  await updates.open(opening)
  await updates.open(opening)
  await updates.advance('u70', { phase: 'planning', at: at(1) })
  await updates.advance('u70', { phase: 'planning', at: at(2) })
  await updates.advance('u70', { state: { findings: [] } })
  await updates.advance('u70', { phase: 'finished', outcome: 'blocked', at: at(5) })
  const of = { codename: 'u70', repo: 'a/shop', issue: 70 }
  expect(lines).toEqual([
    { ...of, attempt: 1, requester: 'ann', message: 'an update begins' },
    { ...of, phase: 'planning', message: 'an update enters a phase' },
    { ...of, outcome: 'blocked', ms: 5_000, message: 'an update is over' },
  ])
})
