import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Draining, DrainOptions } from '../../src/audit/drain.ts'
import { inbox, type Inbox, type ReceivedDelivery } from '../../src/audit/inbox.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let deliveries: Inbox
let draining: Draining | null = null
beforeAll(async () => {
  database = await testDatabase()
  await database.pool.query('CREATE TABLE handled (n serial, id text, payload text, pid int)')
  deliveries = inbox(database.pool)
})
afterAll(() => database.drop())
beforeEach(() => database.pool.query('TRUNCATE pawl.deliveries, handled'))
afterEach(async () => {
  await draining?.stop()
  draining = null
})

const drain = (handler: (delivery: ReceivedDelivery) => Promise<void>, options: DrainOptions = {}) => {
  draining = deliveries.drain(handler, { pauseMs: 1, ...options })
}
const push = (id: string, repo = 'acme/shop', more: object = {}) =>
  deliveries.accept({ id, event: 'push', payload: JSON.stringify({ repository: { full_name: repo }, ...more }) })
const pending = async () => (await deliveries.pending()).map(({ id }) => id)
const isEmpty = () => vi.waitFor(async () => expect(await pending()).toEqual([]), { timeout: 10_000, interval: 10 })

test('a delivery is kept once for each id, and a redelivery of a processed one is known', async () => {
  expect(await push('a')).toBe(true)
  expect(await push('a')).toBe(false)
  expect(await deliveries.pending()).toMatchObject([
    { id: 'a', event: 'push', repo: 'acme/shop', tries: 0, error: null },
  ])
  const seen: ReceivedDelivery[] = []
  drain(async (delivery) => void seen.push(delivery))
  await isEmpty()
  expect(await push('a')).toBe(false)
  expect(seen).toEqual([{ id: 'a', event: 'push', payload: { repository: { full_name: 'acme/shop' } } }])
})

test('deliveries of a repository are processed one after the other, in order; repositories beside each other', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  const log: string[] = []
  for (const id of ['a1', 'a2', 'b1', 'a3', 'b2']) await push(id, `acme/${id[0]}`)
  drain(async ({ id }) => {
    log.push(`${id} begins`)
    if (id === 'a1') await held
    log.push(`${id} ends`)
  })
  await vi.waitFor(() => expect(log).toContain('b2 ends'), { timeout: 5_000, interval: 5 })
  expect(log.filter((line) => line.startsWith('a'))).toEqual(['a1 begins'])
  release()
  await isEmpty()
  const order = ['a1 begins', 'a1 ends', 'a2 begins', 'a2 ends', 'a3 begins', 'a3 ends']
  expect(log.filter((line) => line.startsWith('a'))).toEqual(order)
})

test('one that comes while nothing waits is processed at once', async () => {
  let at = 0
  drain(async () => void (at = performance.now()))
  await push('warm')
  await isEmpty()
  const sent = performance.now()
  await push('now')
  await isEmpty()
  // Looking by itself, it would find it after a second.
  expect(at - sent).toBeLessThan(900)
})

test('one that fails is tried again before those behind it, and keeps its error meanwhile', async () => {
  await push('a')
  await push('b')
  const log: string[] = []
  const failures: [string | undefined, unknown, boolean][] = []
  drain(
    async ({ id }) => {
      log.push(id)
      if (log.length < 3) throw new Error(`no ${log.length}\0`)
    },
    { failed: (delivery, error, givenUp) => failures.push([delivery?.id, error, givenUp]) },
  )
  await isEmpty()
  expect(log).toEqual(['a', 'a', 'a', 'b'])
  expect(failures.map(([id, error, givenUp]) => [id, String(error), givenUp])).toEqual([
    ['a', 'Error: no 1\0', false],
    ['a', 'Error: no 2\0', false],
  ])
})

test('one that fails every time is given up, with its error and its body, and those behind it go on', async () => {
  await push('bad')
  await push('good')
  const log: string[] = []
  drain(
    async ({ id }) => {
      log.push(id)
      if (id === 'bad') throw new Error('never')
    },
    { tries: 3 },
  )
  await isEmpty()
  expect(log).toEqual(['bad', 'bad', 'bad', 'good'])
  const { rows } = await database.pool.query(
    'SELECT id, tries, error, payload IS NULL AS bare FROM pawl.deliveries ORDER BY id',
  )
  expect(rows).toEqual([
    { id: 'bad', tries: 3, error: 'Error: never', bare: false },
    { id: 'good', tries: 0, error: null, bare: true },
  ])
})

test('one that only an outage keeps from being processed is not given up before a day has passed', async () => {
  await push('patient')
  await push('behind')
  const log: string[] = []
  const isOutage = (error: unknown) => error instanceof Error && error.message === 'away'
  drain(
    async ({ id }) => {
      log.push(id)
      if (log.length < 6) throw new Error('away')
    },
    { tries: 2, isOutage },
  )
  await isEmpty()
  expect(log).toEqual([...Array.from({ length: 6 }, () => 'patient'), 'behind'])

  await draining?.stop()
  await push('old')
  await database.pool.query(`UPDATE pawl.deliveries SET received_at = now() - interval '25 hours' WHERE id = 'old'`)
  const given: boolean[] = []
  drain(() => Promise.reject(new Error('away')), { isOutage, failed: (_delivery, _error, up) => given.push(up) })
  await isEmpty()
  expect(given).toEqual([true])
})

test('it is known which ones came, processed or not', async () => {
  await push('a')
  drain(async () => {})
  await isEmpty()
  await draining?.stop()
  await push('b')
  expect(await deliveries.known(['a', 'b', 'c'])).toEqual(new Set(['a', 'b']))
  expect(await deliveries.known([])).toEqual(new Set())
})

test('stopping lets the one under way end and begins no other', async () => {
  await push('a')
  await push('b')
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  const log: string[] = []
  drain(async ({ id }) => {
    log.push(`${id} begins`)
    await held
    log.push(`${id} ends`)
  })
  await vi.waitFor(() => expect(log).toEqual(['a begins']), { interval: 5 })
  const stopped = draining?.stop()
  release()
  await stopped
  expect(log).toEqual(['a begins', 'a ends'])
  expect(await pending()).toEqual(['b'])
})

test('a worker killed in the midst of a delivery loses none: the next one begins it again, in order', async () => {
  const ids = Array.from({ length: 6 }, (_, at) => `d${at}`)
  for (const id of ids) await push(id)
  const child = fork(fileURLToPath(new URL('drainer.ts', import.meta.url)), [database.url, 'd2'], { execArgv: [] })
  const [, signal] = (await once(child, 'exit')) as [number | null, string]
  expect(signal).toBe('SIGKILL')
  expect(await pending()).toEqual(['d2', 'd3', 'd4', 'd5'])
  const log: string[] = []
  drain(async ({ id }) => void log.push(id))
  await isEmpty()
  expect(log).toEqual(['d2', 'd3', 'd4', 'd5'])
  const { rows } = await database.pool.query<{ id: string }>('SELECT id FROM handled ORDER BY n')
  expect(rows.map(({ id }) => id)).toEqual(['d0', 'd1', 'd2'])
})

test('two instances share the work: each delivery is processed once, and in order', async () => {
  const log: string[] = []
  for (let at = 0; at < 30; at++) await push(`${at}`, `acme/r${at % 3}`)
  const second = inbox(database.pool).drain(async ({ id }) => void log.push(id))
  drain(async ({ id }) => void log.push(id))
  await isEmpty()
  await second.stop()
  expect(log.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 30 }, (_, at) => `${at}`))
  const first = log.filter((id) => Number(id) % 3 === 0)
  expect(first).toEqual(first.toSorted((a, b) => Number(a) - Number(b)))
})

test('a delivery that names no repository is kept too, and one that is no JSON is refused', async () => {
  await deliveries.accept({ id: 'ping', event: 'ping', payload: '{"zen":"x"}' })
  await deliveries.accept({ id: 'odd', event: 'ping', payload: '{"repository":[1]}' })
  expect((await deliveries.pending()).map(({ repo }) => repo)).toEqual(['', ''])
  await expect(deliveries.accept({ id: 'x', event: 'push', payload: '{' })).rejects.toThrow(SyntaxError)
})
