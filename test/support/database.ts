import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { inDatabase, TEMPLATE } from './database-url.ts'

/** A database of its own with all tables in it; `drop()` closes the pool and removes it. */
export type TestDatabase = { url: string; pool: pg.Pool; drop(): Promise<void> }

/** Copies the template. Call it in `beforeAll` and `drop()` in `afterAll`. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('databaseServer')
  const name = `test_${randomBytes(8).toString('hex')}`
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`)
  const url = inDatabase(server, name)
  const pool = new pg.Pool({ connectionString: url })
  // The database is dropped under connections that are only just closing.
  pool.on('error', () => {})
  return {
    url,
    pool,
    async drop() {
      await pool.end()
      await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client(server)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
