import { execFile, execFileSync, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Place } from './place.ts'
import type { ServerUser } from './server-user.ts'

/** The superuser of the cluster. Whoever may enter the socket's directory may be it; nobody else may enter. */
const ROLE = 'pawl'

const START_MS = 60_000

/** A cluster's directory and the calls that need to know PostgreSQL's own files. */
export type Cluster = {
  url: string
  /** Makes the cluster where there is none yet. */
  create(): Promise<void>
  /** Returns when the server answers: the one that is there already, or a new one. */
  serve(): Promise<void>
  /** PostgreSQL's fast shutdown: sessions are ended, everything is written. */
  shutDown(): Promise<void>
}

/** The calls remove stale files, so the caller must hold the directory's owner lock. */
export function openCluster({ home, sockets, binaries }: Place, user: ServerUser | null): Cluster {
  const data = `${home}/data`
  const log = `${home}/postgres.log`
  const account = user ? { uid: user.uid, gid: user.gid } : {}
  // The server gets none of our environment, which holds the app's credentials.
  const surroundings = { ...account, cwd: home, env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' } }

  const serverPid = (): number => {
    try {
      return Number(readFileSync(`${data}/postmaster.pid`, 'utf8').split('\n')[0])
    } catch {
      return 0
    }
  }

  // A process id alone may have been given to another program since the file was written.
  const running = (): boolean => {
    const pid = serverPid()
    return pid > 0 && commandLine(pid).includes(`-D ${data} `)
  }

  const answers = async (): Promise<boolean> => {
    const client = new pg.Client({ host: sockets, user: ROLE, database: 'postgres', connectionTimeoutMillis: 5_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      return true
    } catch {
      return false
    } finally {
      await client.end().catch(() => {})
    }
  }

  return {
    url: `postgresql://${ROLE}@localhost/postgres?host=${encodeURIComponent(sockets)}`,

    async create() {
      if (existsSync(data)) return
      // Under another name until it is whole: an interrupted initdb leaves nothing that looks like a cluster.
      const fresh = `${home}/data.new`
      rmSync(fresh, { recursive: true, force: true })
      const flags = ['-D', fresh, '-U', ROLE, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions']
      await promisify(execFile)(binaries.initdb, flags, surroundings).catch((error: Error & { stderr?: string }) => {
        throw new Error(
          `initdb could not make the database in ${home}: ${error.stderr?.trim() || error.message}. ` +
            'If it lacks a library, run `npm rebuild` without --ignore-scripts; or set DATABASE_URL.',
          { cause: error },
        )
      })
      renameSync(fresh, data)
    },

    async serve() {
      let started = false
      let failure = null as (() => string) | null
      const deadline = Date.now() + START_MS
      // The server of a killed owner lives on and simply answers: it is adopted.
      while (!(running() && (await answers()))) {
        if (failure) throw new Error(failure())
        if (Date.now() > deadline) throw new Error(`PostgreSQL did not start within a minute; see ${log}`)
        if (!started && !running()) {
          for (const stale of [`${data}/postmaster.pid`, `${sockets}/.s.PGSQL.5432.lock`, `${sockets}/.s.PGSQL.5432`]) {
            rmSync(stale, { force: true })
          }
          started = true
          const output = openSync(log, 'a')
          const settings = ['listen_addresses=', 'shared_buffers=32MB', 'log_checkpoints=off']
          const flags = ['-D', data, '-k', sockets, ...settings.flatMap((setting) => ['-c', setting])]
          // Detached: a signal to our process group must not reach the server before we have stopped using it.
          const child = spawn(binaries.postgres, flags, {
            ...surroundings,
            detached: true,
            stdio: ['ignore', output, output],
          })
          closeSync(output)
          child.on('error', (error) => (failure = () => `PostgreSQL cannot be run: ${error.message}`))
          // It also ends long after the start, when the log may be gone: only who waits for the start reads it.
          child.on('exit', () => (failure ??= () => `PostgreSQL ended while starting: ${lastLines(log)}`))
          child.unref()
        }
        await sleep(25)
      }
    },

    async shutDown() {
      const pid = serverPid()
      if (!running()) return
      process.kill(pid, 'SIGINT')
      while (running()) await sleep(10)
    },
  }
}

function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-5).join(' | ')
}
