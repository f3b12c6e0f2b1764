import { afterAll, beforeAll, expect, test } from 'vitest'
import { transaction } from '../../src/audit/transaction.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await database.pool.query('CREATE TABLE marks (it int)')
})
afterAll(() => database.drop())

test('an exception rolls everything back and is thrown on', async () => {
  const failing = transaction(database.pool, async (client) => {
    await client.query('INSERT INTO marks VALUES (1)')
    throw new RangeError('no')
  })
  await expect(failing).rejects.toThrow(RangeError)
  expect((await database.pool.query('SELECT it FROM marks')).rows).toEqual([])
  expect(await transaction(database.pool, async (client) => (await client.query('SELECT 1 AS one')).rows)).toEqual([
    { one: 1 },
  ])
})

test('a connection that breaks during the work fails it, and neither ends the process nor comes back', async () => {
  const failing = transaction(database.pool, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    const broken = new Promise<void>((resolve) => client.once('end', resolve))
    await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
    await broken
    await client.query('INSERT INTO marks VALUES (2)')
  })
  await expect(failing).rejects.toThrow(/not queryable|terminat/)
  expect(await transaction(database.pool, async (client) => (await client.query('SELECT it FROM marks')).rows)).toEqual(
    [],
  )
})
