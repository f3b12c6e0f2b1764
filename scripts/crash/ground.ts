import { realpathSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { auditLog, type AuditLog } from '../../src/audit/log.ts'
import { updates, type Updates } from '../../src/audit/updates.ts'
import { locateBinaries } from '../../src/database/binaries.ts'
import { openCluster } from '../../src/database/cluster.ts'
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import { choosePlace } from '../../src/database/place.ts'
import { serverUser } from '../../src/database/server-user.ts'
import { startGitHub } from '../../src/commands/embedded/embedded.ts'
import { WEBHOOK_PATH } from '../../src/web/server.ts'
import { startShopHost, type ShopHost } from '../../test/support/shop-host.ts'
import type { Site } from '../../test/support/world.ts'
import { createApps, type Apps } from './apps.ts'
import type { AppOrder } from './messages.ts'
import { HARNESS } from './moments.ts'

/** GitHub, the place where the shops run and a database: what survives when the app is killed. */
export type Ground = {
  world: Site & { app: { updates: Updates; audit: AuditLog } }
  host: ShopHost
  apps: Apps
  /** The directory of everything; the app's log is `app.log` in it. */
  dir: string
  databaseUrl: string
  /** How the app is started: always the same, so that each start finds what the one before left. */
  order: AppOrder
  close(): Promise<void>
}

const TIMING = { poll: 3_000, backoff: 100, request: 10_000 }

/**
 * `database`: where the app keeps its state, on a server that no kill reaches; `null`: the app starts the embedded one, which
 * outlives it.
 */
export async function startGround(database: string | null): Promise<Ground> {
  const dir = await mkdtemp(join(tmpdir(), 'pawl-crash-'))
  await chmod(dir, 0o711)
  const { github, identity } = await startGitHub(dir)
  const host = await startShopHost()
  const port = await freePort()
  github.setWebhookUrl(`http://127.0.0.1:${port}${WEBHOOK_PATH}`)
  const data = join(dir, 'data')
  const embedded = join(data, 'app', 'postgres')
  await mkdir(join(data, 'app'), { recursive: true, mode: 0o711 })
  const databaseUrl = database ?? (await urlOfEmbedded(embedded))
  const pool = new pg.Pool({ connectionString: databaseUrl, application_name: HARNESS })
  // The embedded server goes when the app stops, and the connections with it.
  pool.on('error', () => {})
  const apps = createApps(dir)
  // What people do and see does not go through the app's process: its own part of the world is what the database says.
  const seen = { audit: auditLog(pool), updates: updates(pool) }
  const world = { github, app: seen, dir, database: { pool } }
  const { url: githubUrl, apiUrl } = github
  const order = { github: { url: githubUrl, apiUrl }, identity, databaseUrl: database, data, port, timing: TIMING }
  return {
    world,
    host,
    apps,
    dir,
    databaseUrl,
    order,
    async close() {
      await apps.close()
      await github.stop()
      await host.close()
      await pool.end()
      // Whatever the killed apps have left running.
      if (database === null) await (await startEmbeddedPostgres(embedded)).stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Where the app's own server will listen. */
async function urlOfEmbedded(dir: string): Promise<string> {
  await mkdir(dir, { mode: 0o700 })
  const user = serverUser()
  return openCluster(choosePlace(realpathSync(dir), await locateBinaries(), user), user).url
}

/** Outside of the range that the system gives out by itself, so that nobody takes it while the app is down. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    const probe = createServer().listen(port, '127.0.0.1')
    const free = await Promise.race([once(probe, 'listening').then(() => true), once(probe, 'error').then(() => false)])
    if (!free) continue
    const taken = (probe.address() as AddressInfo).port
    probe.close()
    await once(probe, 'close')
    return taken
  }
}
