import { mkdirSync, realpathSync } from 'node:fs'
import { locateBinaries } from './binaries.ts'
import { openCluster } from './cluster.ts'
import { takeOwnerLock } from './owner-lock.ts'
import { choosePlace } from './place.ts'
import { serverUser } from './server-user.ts'

/** A running server. `url` is a PostgreSQL connection URL by unix socket; `stop()` shuts down and writes everything. */
export type EmbeddedPostgres = { url: string; stop(): Promise<void> }

/**
 * Starts a real PostgreSQL server in `dir`, which is made when missing and belongs to this server alone. One process owns
 * a directory at a time. The server of an owner that was killed is adopted, and nothing committed is lost. It listens on
 * a unix socket only. As root it runs under another account (see `serverUser`).
 *
 * @throws {Error} when the directory is in use, the platform has no binaries, or the server does not start.
 */
export async function startEmbeddedPostgres(dir: string): Promise<EmbeddedPostgres> {
  const binaries = await locateBinaries()
  const user = serverUser()
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const own = realpathSync(dir)
  const lock = takeOwnerLock(own)
  try {
    const cluster = openCluster(choosePlace(own, binaries, user), user)
    await cluster.create()
    await cluster.serve()
    return {
      url: cluster.url,
      async stop() {
        await cluster.shutDown()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}
