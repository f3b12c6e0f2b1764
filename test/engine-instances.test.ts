import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import pg from 'pg'
import { testDatabase, type TestDatabase } from './support/database.ts'
import { killInstances, startInstance } from './support/instances.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
  await database.pool.query(
    'CREATE TABLE marks (n serial, id text, what text, pid int); CREATE TABLE gates (name text)',
  )
})
afterEach(killInstances)
afterAll(() => database.drop())

const marks = async (id: string) =>
  (
    await database.pool.query<{ what: string; pid: number }>('SELECT what, pid FROM marks WHERE id = $1 ORDER BY n', [
      id,
    ])
  ).rows
const whats = async (id: string) => (await marks(id)).map(({ what }) => what)
const open = (gate: string) => database.pool.query('INSERT INTO gates VALUES ($1)', [gate])
const until = (id: string, what: string) =>
  vi.waitFor(async () => expect(await whats(id)).toContain(what), { timeout: 15_000, interval: 20 })
const statusOf = async (id: string) =>
  (
    await database.pool.query<{ status: string }>('SELECT status FROM dbos.workflow_status WHERE workflow_uuid = $1', [
      id,
    ])
  ).rows[0]?.status

test('a workflow whose process is killed in a step goes on after a restart, repeating only that step', async () => {
  const first = await startInstance(database.url)
  await first.ask({ do: 'start', journey: { id: 'killed', waits: false } })
  await until('killed', 'gated begins')
  await first.kill()
  await startInstance(database.url)
  await open('killed')
  await until('killed', 'last')
  expect(await whats('killed')).toEqual(['first', 'gated begins', 'gated begins', 'gated ends', 'last'])
})

test('a running instance takes over what another one left behind when it was killed, within seconds', async () => {
  const [dying, living] = [await startInstance(database.url), await startInstance(database.url)]
  await dying.ask({ do: 'start', journey: { id: 'orphan', waits: false } })
  await until('orphan', 'gated begins')
  await open('orphan')
  await until('orphan', 'last')

  await dying.ask({ do: 'start', journey: { id: 'orphan 2', waits: false } })
  await until('orphan 2', 'gated begins')
  expect((await marks('orphan 2')).every(({ pid }) => pid === dying.pid)).toBe(true)
  const killedAt = Date.now()
  await dying.kill()
  await open('orphan 2')
  await until('orphan 2', 'last')
  expect(Date.now() - killedAt).toBeLessThan(5_000)
  const after = (await marks('orphan 2')).slice(2)
  expect(after.map(({ what, pid }) => [what, pid])).toEqual(
    ['gated begins', 'gated ends', 'last'].map((what) => [what, living.pid]),
  )
})

test('an instance leaves the workflows of a living one alone', async () => {
  const owner = await startInstance(database.url)
  await owner.ask({ do: 'start', journey: { id: 'owned', waits: false } })
  await until('owned', 'gated begins')
  const other = await startInstance(database.url)
  // The other one has looked for orphans by the time it has carried out a whole workflow of its own.
  await other.ask({ do: 'start', journey: { id: 'own', waits: false } })
  await open('own')
  await until('own', 'last')
  await open('owned')
  await until('owned', 'last')
  expect((await marks('owned')).map(({ pid }) => pid)).toEqual(Array(4).fill(owner.pid))
})

test('a queued workflow taken over keeps its turn before those that wait behind it', async () => {
  const dying = await startInstance(database.url)
  for (const id of ['turn 1', 'turn 2']) {
    await dying.ask({ do: 'enqueue', partition: 'o/turns', journey: { id, waits: false } })
  }
  await until('turn 1', 'gated begins')
  await dying.kill()
  await startInstance(database.url)
  await open('turn 2')
  await open('turn 1')
  await until('turn 2', 'last')
  const order = await database.pool.query<{ id: string }>(
    `SELECT id FROM marks WHERE id LIKE 'turn %' AND what = 'last' ORDER BY n`,
  )
  expect(order.rows.map(({ id }) => id)).toEqual(['turn 1', 'turn 2'])
  expect(await whats('turn 2')).toEqual(['first', 'gated begins', 'gated ends', 'last'])
})

test('stopping lets a running step end and be recorded, and the next start goes on behind it', async () => {
  const first = await startInstance(database.url)
  await first.ask({ do: 'start', journey: { id: 'graceful', waits: false } })
  await first.ask({ do: 'start', journey: { id: 'waiting', waits: true } })
  await open('waiting')
  await until('waiting', 'waits')
  await until('graceful', 'gated begins')
  const stopped = first.ask({ do: 'stop' })
  await open('graceful')
  await stopped
  expect(await whats('graceful')).toEqual(['first', 'gated begins', 'gated ends'])
  expect([await statusOf('graceful'), await statusOf('waiting')]).toEqual(['PENDING', 'PENDING'])
  await first.kill()

  await startInstance(database.url)
  await until('graceful', 'last')
  expect(await whats('graceful')).toEqual(['first', 'gated begins', 'gated ends', 'last'])
  expect(await whats('waiting')).not.toContainEqual(expect.stringMatching(/^caught/))
})

test('two instances can start at once on an empty database', async () => {
  const name = 'empty_for_two'
  await database.pool.query(`CREATE DATABASE ${name}`)
  const url = database.url.replace(/\/test_[0-9a-f]+/, `/${name}`)
  const empty = new pg.Pool({ connectionString: url })
  // The database is dropped under a connection that is only just closing.
  empty.on('error', () => {})
  try {
    await empty.query('CREATE TABLE marks (n serial, id text, what text, pid int); CREATE TABLE gates (name text)')
    const [one] = await Promise.all([startInstance(url), startInstance(url)])
    await one.ask({ do: 'start', journey: { id: 'x', waits: false } })
    const { rowCount } = await empty.query("SELECT 1 FROM dbos.workflow_status WHERE workflow_uuid = 'x'")
    expect(rowCount).toBe(1)
    await killInstances()
  } finally {
    await empty.end()
    await database.pool.query(`DROP DATABASE ${name} WITH (FORCE)`)
  }
})
