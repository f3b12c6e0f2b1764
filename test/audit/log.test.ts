import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { GENESIS, hashOf, type NewEvent, type StoredEvent } from '../../src/audit/event.ts'
import { auditLog, type AuditLog } from '../../src/audit/log.ts'
import { migrate } from '../../src/audit/schema.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let log: AuditLog
beforeAll(async () => {
  database = await testDatabase()
  log = auditLog(database.pool)
})
afterAll(() => database.drop())
/** What an intruder with the rights of the database's owner would do; anyone less is refused by the trigger. */
const tamper = async (...statements: string[]) => {
  await database.pool.query('ALTER TABLE pawl.events DISABLE TRIGGER ALL')
  for (const statement of statements) await database.pool.query(statement)
  await database.pool.query('ALTER TABLE pawl.events ENABLE TRIGGER ALL')
}
beforeEach(() => tamper('TRUNCATE pawl.events'))

const event = (key: string, more: Partial<NewEvent> = {}): NewEvent => {
  const at = '2026-05-01T10:00:00.123Z'
  return {
    repo: 'acme/shop',
    issue: 1,
    attempt: 1,
    codename: 'brave-otter',
    at,
    kind: 'decision',
    data: { key },
    key,
    ...more,
  }
}
const appendAll = async (...keys: string[]) => {
  for (const key of keys) await log.append(event(key))
}
const exported = async () => {
  const lines: StoredEvent[] = []
  for await (const line of log.export()) lines.push(JSON.parse(line) as StoredEvent)
  return lines
}

test('EXEC-4 events form one chain: each names the hash of the one before it, the first that of nothing', async () => {
  await appendAll('a', 'b', 'c')
  const [a, b, c] = await log.list()
  expect([a?.seq, b?.seq, c?.seq]).toEqual([1, 2, 3])
  expect([a?.prev, b?.prev, c?.prev]).toEqual([GENESIS, a?.hash, b?.hash])
  expect(a?.at).toBe('2026-05-01T10:00:00.123000Z')
  expect(await log.verify()).toEqual({ events: 3, head: c?.hash, verified: true })
})

test('an empty log is a whole chain', async () => {
  expect(await log.verify()).toEqual({ events: 0, head: GENESIS, verified: true })
  expect(await log.verify({ expectedHead: GENESIS })).toMatchObject({ verified: true })
})

test('the same key again changes nothing and answers the first', async () => {
  const first = await log.append(event('a'))
  const again = await log.append(event('a', { data: 'other', kind: 'other' }))
  expect([first.created, again.created]).toEqual([true, false])
  expect(again.event).toEqual(first.event)
  expect(await log.byKey('a')).toEqual(first.event)
  expect(await log.byKey('b')).toBeNull()
})

test('many who append at once, also with the same key, leave one chain without gaps', async () => {
  const other = auditLog(database.pool)
  const appended = await Promise.all(
    Array.from({ length: 40 }, (_, at) => (at % 2 ? log : other).append(event(`key ${at % 25}`))),
  )
  expect(appended.filter(({ created }) => created)).toHaveLength(25)
  expect((await log.list()).map(({ seq }) => seq)).toEqual(Array.from({ length: 25 }, (_, at) => at + 1))
  expect(await log.verify()).toMatchObject({ events: 25, verified: true })
})

test('a stray byte from outside is kept as a replacement and fits the chain', async () => {
  const data = { 'k\0': ['a\0b', '\uD800', '👍', 1.5, null, { deep: true }] }
  const { event: stored } = await log.append(event('a', { data }))
  expect(stored.data).toEqual({ 'k\uFFFD': ['a\uFFFDb', '\uFFFD', '👍', 1.5, null, { deep: true }] })
  expect((await log.list())[0]).toEqual(stored)
  expect(await log.verify()).toMatchObject({ verified: true })
})

test.each([
  "UPDATE pawl.events SET data = '1'",
  'DELETE FROM pawl.events',
  'TRUNCATE pawl.events',
  'UPDATE pawl.events SET seq = 9 WHERE false',
])('the database refuses %s', async (statement) => {
  await appendAll('a')
  await expect(database.pool.query(statement)).rejects.toThrow(/append-only/)
  expect(await log.verify()).toMatchObject({ events: 1, verified: true })
})

test.each([
  ['its data', `UPDATE pawl.events SET data = '"x"' WHERE seq = 2`],
  ['its kind', `UPDATE pawl.events SET kind = 'x' WHERE seq = 2`],
  ['its time by a microsecond', `UPDATE pawl.events SET at = at + interval '1 microsecond' WHERE seq = 2`],
  ['its repository', `UPDATE pawl.events SET repo = NULL WHERE seq = 2`],
  ['its issue', `UPDATE pawl.events SET issue = 2 WHERE seq = 2`],
  ['its attempt', `UPDATE pawl.events SET attempt = 2 WHERE seq = 2`],
  ['its codename', `UPDATE pawl.events SET codename = 'x' WHERE seq = 2`],
  ['its key', `UPDATE pawl.events SET key = 'x' WHERE seq = 2`],
  ['its hash', `UPDATE pawl.events SET hash = repeat('0', 64) WHERE seq = 2`],
])('a change of %s is found', async (_, statement) => {
  await appendAll('a', 'b', 'c')
  await tamper(statement)
  const reason = 'its content is not what was written'
  expect(await log.verify()).toMatchObject({ verified: false, events: 1, fault: { seq: 2, reason } })
})

test.each([
  ['removed from the middle', `DELETE FROM pawl.events WHERE seq = 2`, 3, 'event 2 is missing'],
  ['removed from the beginning', `DELETE FROM pawl.events WHERE seq = 1`, 2, 'event 1 is missing'],
  [
    'removed and closed up',
    `DELETE FROM pawl.events WHERE seq = 2; UPDATE pawl.events SET seq = 2 WHERE seq = 3`,
    2,
    'it does not follow the event before it',
  ],
  [
    'swapped',
    'UPDATE pawl.events SET seq = 9 WHERE seq = 2; UPDATE pawl.events SET seq = 2 WHERE seq = 3; UPDATE pawl.events SET seq = 3 WHERE seq = 9',
    2,
    'it does not follow the event before it',
  ],
])('an event %s is found', async (_, statement, seq, reason) => {
  await appendAll('a', 'b', 'c')
  await tamper(statement)
  expect(await log.verify()).toMatchObject({ verified: false, fault: { seq, reason } })
})

test('a cut tail, and a chain written anew, are found against a head remembered elsewhere', async () => {
  await appendAll('a', 'b', 'c')
  const { head } = await log.verify()
  await appendAll('d')
  expect(await log.verify({ expectedHead: head })).toMatchObject({ verified: true, events: 4 })

  await tamper('DELETE FROM pawl.events WHERE seq > 2')
  expect(await log.verify()).toMatchObject({ verified: true, events: 2 })
  const cut = await log.verify({ expectedHead: head })
  expect(cut).toMatchObject({ verified: false, fault: { seq: null } })
  expect(cut.fault?.reason).toContain(head)

  await appendAll('c, written anew')
  expect(await log.verify()).toMatchObject({ verified: true, events: 3 })
  expect(await log.verify({ expectedHead: head })).toMatchObject({ verified: false })
})

test('a log longer than what is read at once verifies and exports whole and in order', async () => {
  await appendAll('a')
  const [first] = await log.list()
  let end = first as StoredEvent
  const rows: StoredEvent[] = []
  for (let seq = 2; seq <= 2_101; seq++) {
    const unsealed = { ...end, seq, key: `key ${seq}`, prev: end.hash }
    end = { ...unsealed, hash: hashOf(unsealed) }
    rows.push(end)
  }
  await database.pool.query(
    `INSERT INTO pawl.events SELECT seq, at, repo, issue, attempt, codename, kind, data, key, prev, hash
     FROM jsonb_populate_recordset(NULL::pawl.events, $1)`,
    [JSON.stringify(rows)],
  )
  expect(await log.verify()).toEqual({ events: 2_101, head: end.hash, verified: true })
  expect(await exported()).toEqual(await log.list())
})

test('what is exported suffices to verify the chain elsewhere', async () => {
  await appendAll('a', 'b', 'c')
  let prev = GENESIS
  for (const each of await exported()) {
    expect(each.prev).toBe(prev)
    expect(hashOf(each)).toBe(each.hash)
    prev = each.hash
  }
  expect(prev).toBe((await log.verify()).head)
})

test('events are listed by repository, codename and kind', async () => {
  await log.append(event('a', { codename: 'x', kind: 'intent' }))
  await log.append(event('b', { codename: 'x', kind: 'result' }))
  await log.append(event('c', { repo: 'acme/other', codename: 'y' }))
  await log.append(event('d', { repo: null, codename: null, issue: null, attempt: null }))
  const keys = async (filter: Parameters<AuditLog['list']>[0]) => (await log.list(filter)).map(({ key }) => key)
  expect(await keys({})).toEqual(['a', 'b', 'c', 'd'])
  expect(await keys({ repo: 'acme/shop' })).toEqual(['a', 'b'])
  expect(await keys({ codename: 'x', kinds: ['result', 'certificate'] })).toEqual(['b'])
  expect(await keys({ codename: 'nobody' })).toEqual([])
})

test('the tables are made once, by however many at once, and not by an older Pawl', async () => {
  await Promise.all([migrate(database.pool), migrate(database.pool)])
  await database.pool.query('INSERT INTO pawl.migrations VALUES (99, now())')
  await expect(migrate(database.pool)).rejects.toThrow(/has version 99 .* Start a Pawl as new as the one before/)
  await database.pool.query('DELETE FROM pawl.migrations WHERE version = 99')
})
