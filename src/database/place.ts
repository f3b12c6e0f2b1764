import { createHash, randomUUID } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { PostgresBinaries } from './binaries.ts'
import { barrier, type ServerUser } from './server-user.ts'

/** Where one server keeps its things. `home` holds the cluster and the log, `sockets` the unix socket. */
export type Place = { home: string; sockets: string; binaries: PostgresBinaries }

/** Used by root only, for what the server's account could not reach at its own place. */
const SHARED = '/var/lib/pawl'

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, the terminating zero included. */
const SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107

/**
 * Decides where the server of the data directory `dir` lives. Normally that is `dir` itself. As root, `dir` or the
 * installed programs may lie below a directory that the server's account may not enter (`/root` has mode 0700): then the
 * cluster gets a directory of its own below `/var/lib/pawl`, remembered in `<dir>/moved-to`, and the programs are copied
 * there once for each version. Opening up the directory itself is never done.
 */
export function choosePlace(dir: string, binaries: PostgresBinaries, user: ServerUser | null): Place {
  if (!user) return { home: dir, sockets: socketDirectory(dir, null), binaries }
  const home = reachableHome(dir, user)
  chownSync(home, user.uid, user.gid)
  return { home, sockets: socketDirectory(home, user), binaries: reachableBinaries(binaries, user) }
}

function reachableHome(dir: string, user: ServerUser): string {
  const pointer = join(dir, 'moved-to')
  if (existsSync(pointer)) {
    const home = readFileSync(pointer, 'utf8').trim()
    if (existsSync(home)) return home
    throw new Error(
      `${pointer} says that the database of this data directory is in ${home}, which does not exist. ` +
        `Put it back from a backup, or remove ${dir} to begin anew.`,
    )
  }
  const closed = barrier(dir, user)
  if (!closed) return dir
  const home = join(openShared(closed, user), randomUUID())
  mkdirSync(home, { mode: 0o700 })
  writeFileSync(`${pointer}.new`, `${home}\n`)
  renameSync(`${pointer}.new`, pointer)
  return home
}

function reachableBinaries(binaries: PostgresBinaries, user: ServerUser): PostgresBinaries {
  const closed = barrier(join(binaries.root, 'bin'), user)
  if (!closed) return binaries
  const { version } = JSON.parse(readFileSync(join(dirname(binaries.root), 'package.json'), 'utf8')) as {
    version: string
  }
  const root = join(openShared(closed, user), `postgresql-${version}`)
  if (!existsSync(root)) {
    const half = `${root}.${randomUUID()}`
    cpSync(binaries.root, half, { recursive: true, verbatimSymlinks: true })
    // Several instances may copy at once: the first to rename wins, the copies are equal.
    try {
      renameSync(half, root)
    } catch (error) {
      rmSync(half, { recursive: true, force: true })
      if (!existsSync(root)) throw error
    }
  }
  return {
    root,
    initdb: join(root, 'bin', basename(binaries.initdb)),
    postgres: join(root, 'bin', basename(binaries.postgres)),
  }
}

function openShared(closed: string, user: ServerUser): string {
  try {
    mkdirSync(SHARED, { recursive: true, mode: 0o755 })
    return SHARED
  } catch (error) {
    throw new Error(
      `PostgreSQL refuses to run as root and would run as ${user.name}, who may not enter ${closed}; and ${SHARED} cannot ` +
        'be made. Start Pawl as another user, use a data directory that everyone may pass through, or set DATABASE_URL.',
      { cause: error },
    )
  }
}

function socketDirectory(home: string, user: ServerUser | null): string {
  if (Buffer.byteLength(join(home, '.s.PGSQL.5432')) <= SOCKET_PATH_BYTES) return home
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16)
  const short = join(tmpdir(), `pawl-${name}`)
  mkdirSync(short, { recursive: true, mode: 0o700 })
  const { uid, mode } = lstatSync(short)
  const own = process.getuid?.()
  // Anyone may make a directory of that name below the temporary directory, and would then own our socket.
  if (!lstatSync(short).isDirectory() || (uid !== own && uid !== user?.uid)) {
    throw new Error(`${short} belongs to someone else, so the database's socket cannot be put there. Remove it.`)
  }
  if ((mode & 0o077) !== 0) chmodSync(short, 0o700)
  if (user) chownSync(short, user.uid, user.gid)
  return short
}
