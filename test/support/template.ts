import pg from 'pg'
import { migrate } from '../../src/audit/schema.ts'
import { launchEngine } from '../../src/engine.ts'
import { inDatabase, TEMPLATE } from './database-url.ts'
import { silent } from './logger.ts'

/** Makes the template, with all tables in it, so that a copy costs milliseconds. */
export async function prepareTemplate(client: pg.Client, server: string): Promise<void> {
  await client.query(`CREATE DATABASE ${TEMPLATE}`)
  const url = inDatabase(server, TEMPLATE)
  const engine = await launchEngine({ databaseUrl: url, logger: silent })
  await engine.stop()
  const pool = new pg.Pool({ connectionString: url })
  await migrate(pool)
  await pool.end()
}
