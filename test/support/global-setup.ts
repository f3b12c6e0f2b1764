import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import { prepareTemplate } from './template.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    databaseServer: string
  }
}

/** One database server for the whole run; each test file copies the template that is made here. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'pawl-test-'))
  // As root the server runs under another account, which must be able to pass through.
  chmodSync(dir, 0o711)
  const server = await startEmbeddedPostgres(join(dir, 'postgres'))
  const client = new pg.Client(server.url)
  await client.connect()
  // Nothing of a test run must survive a power cut.
  await client.query('ALTER SYSTEM SET fsync = off')
  await client.query('SELECT pg_reload_conf()')
  await prepareTemplate(client, server.url)
  await client.end()
  project.provide('databaseServer', server.url)
  return async () => {
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  }
}
