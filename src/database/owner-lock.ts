import { DatabaseSync } from 'node:sqlite'

/** Held as long as this process lives; `release()` gives it back earlier. */
export type OwnerLock = { release(): void }

/**
 * Takes the one lock on a data directory. It is a file lock that SQLite takes for us, because Node has none of its own:
 * the kernel drops it at any death of the process, so it can never be stale, unlike a file with a process id.
 *
 * @throws {Error} when another process holds it.
 */
export function takeOwnerLock(dir: string): OwnerLock {
  const file = `${dir}/owner.lock`
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    throw new Error(
      `The data directory ${dir} is in use by another running Pawl. ` +
        'Stop that one, give this one a data directory of its own, or let both use one server through DATABASE_URL.',
      { cause: error },
    )
  }
  return { release: () => lock.close() }
}
