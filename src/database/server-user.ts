import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** The account the database server runs as; `null` stands for the account of this process. */
export type ServerUser = { name: string; uid: number; gid: number }

/**
 * PostgreSQL refuses to run as root, so root lends it another account: `postgres` where there is one, else `nobody`,
 * which every system has.
 *
 * @throws {Error} when this is root and neither account exists.
 */
export function serverUser(): ServerUser | null {
  if (process.getuid?.() !== 0) return null
  for (const name of ['postgres', 'nobody']) {
    const user = lookUp(name)
    if (user) return user
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and this system has neither an account `postgres` nor `nobody` to run it as. ' +
      'Start Pawl as another user, or set DATABASE_URL.',
  )
}

function lookUp(name: string): ServerUser | null {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    const user = { name, uid: id('-u'), gid: id('-g') }
    return user.uid > 0 ? user : null
  } catch {
    return null
  }
}

/**
 * The nearest directory above `path` that `user` may not enter, or null when all of them can be passed. `path` itself is
 * not asked: it is handed over to the user. Access lists beyond the mode bits are not read.
 */
export function barrier(path: string, user: ServerUser): string | null {
  let above = dirname(resolve(path))
  for (;;) {
    const { mode, uid, gid } = statSync(above)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return above
    if (above === dirname(above)) return null
    above = dirname(above)
  }
}
