import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import type { TestDatabase } from '../../test/support/database.ts'
import { inDatabase, TEMPLATE } from '../../test/support/database-url.ts'
import { prepareTemplate } from '../../test/support/template.ts'

/** A database server for the length of a command; each call gives a new database with all tables in it. */
export type Server = { database(): Promise<TestDatabase>; stop(): Promise<void> }

export async function startServer(): Promise<Server> {
  const dir = await mkdtemp(join(tmpdir(), 'pawl-crash-server-'))
  // As root the server runs under another account, which must be able to pass through.
  await chmod(dir, 0o711)
  const server = await startEmbeddedPostgres(join(dir, 'postgres'))
  const client = new pg.Client(server.url)
  await client.connect()
  await prepareTemplate(client, server.url)
  return {
    async database() {
      const name = `crash_${randomBytes(8).toString('hex')}`
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`)
      const url = inDatabase(server.url, name)
      const pool = new pg.Pool({ connectionString: url })
      return {
        url,
        pool,
        async drop() {
          await pool.end()
          await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
        },
      }
    },
    async stop() {
      await client.end()
      await server.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
