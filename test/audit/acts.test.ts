import { afterAll, beforeAll, expect, test } from 'vitest'
import { acts, type Acts } from '../../src/audit/acts.ts'
import { auditLog, type AuditLog } from '../../src/audit/log.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let log: AuditLog
let act: Acts
beforeAll(async () => {
  database = await testDatabase()
  log = auditLog(database.pool)
  act = acts(log)
})
afterAll(() => database.drop())

const at = '2026-05-01T10:00:00.000Z'
const about = { repo: 'acme/shop', issue: 1, attempt: 2, codename: 'brave-otter', at }

test('EXEC-4 the intent is written before an act and the result after it', async () => {
  expect(await act.intend('merge', about, { sha: 'abc' })).toEqual({ state: 'new' })
  await act.settle('merge', { merged: true }, at)
  expect(await act.intend('merge', about, { sha: 'abc' })).toEqual({ state: 'done', result: { merged: true } })
  const events = await log.list({ codename: 'brave-otter' })
  expect(events.map(({ kind, key, data }) => [kind, key, data])).toEqual([
    ['intent', 'merge/intent', { sha: 'abc' }],
    ['result', 'merge/result', { merged: true }],
  ])
  expect(events[1]).toMatchObject({ repo: 'acme/shop', issue: 1, attempt: 2 })
})

test('an act that was begun and never settled is unknown, not done and not new', async () => {
  expect(await act.intend('comment', about, {})).toEqual({ state: 'new' })
  expect(await act.intend('comment', about, {})).toEqual({ state: 'unknown' })
  // What it finds when it looks is the result.
  await act.settle('comment', { id: 7 }, at)
  expect(await act.intend('comment', about, {})).toEqual({ state: 'done', result: { id: 7 } })
})

test('of several that begin the same act at once, one is new', async () => {
  const states = await Promise.all(Array.from({ length: 8 }, () => act.intend('tag', about, {})))
  expect(states.filter(({ state }) => state === 'new')).toHaveLength(1)
  expect(states.filter(({ state }) => state === 'unknown')).toHaveLength(7)
})

test('only the first result counts, and a result needs an intent', async () => {
  await act.intend('push', about, {})
  await act.settle('push', 1, at)
  await act.settle('push', 2, at)
  expect(await act.intend('push', about, {})).toEqual({ state: 'done', result: 1 })
  await expect(act.settle('nothing', 1, at)).rejects.toThrow(/no intent under the key nothing/)
})
