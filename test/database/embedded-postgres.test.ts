import { execFileSync, fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { locateBinaries } from '../../src/database/binaries.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import { choosePlace } from '../../src/database/place.ts'
import { barrier, serverUser } from '../../src/database/server-user.ts'

const asRoot = process.getuid?.() === 0
const dirs: string[] = []
const servers: EmbeddedPostgres[] = []
const owners: ChildProcess[] = []

/** A directory that the server's account may pass through. */
function directory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'pawl-db-'))
  chmodSync(dir, 0o711)
  dirs.push(dir)
  return dir
}
/** The same with a database in it: a copy, because making one takes longer than all the rest. */
function database(): string {
  const dir = join(directory(), 'pg')
  execFileSync('cp', ['-a', join(made, 'pg'), dir])
  return dir
}
async function started(dir: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(dir)
  servers.push(server)
  return server
}
/** Starts a process that owns `dir`; answers what it says. */
async function owner(dir: string): Promise<{ child: ChildProcess; said: { url?: string; failed?: string } }> {
  const child = fork(fileURLToPath(new URL('owner.ts', import.meta.url)), [dir], { execArgv: [] })
  owners.push(child)
  const [said] = (await once(child, 'message')) as [{ url?: string; failed?: string }]
  return { child, said }
}
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
async function query<T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client(url)
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<T>(text)).rows
  } finally {
    await client.end()
  }
}
const pidOf = (home: string) => Number(readFileSync(join(home, 'data/postmaster.pid'), 'utf8').split('\n')[0])

let made: string
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'pawl-db-made-'))
  chmodSync(made, 0o711)
  const server = await startEmbeddedPostgres(join(made, 'pg'))
  await server.stop()
})
afterAll(() => rmSync(made, { recursive: true, force: true }))
afterEach(async () => {
  await Promise.all(owners.splice(0).map(kill))
  await Promise.all(servers.splice(0).map((server) => server.stop()))
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true })
})

test('a missing directory becomes a database, and a second start finds what was written', async () => {
  const dir = join(directory(), 'deep/er')
  mkdirSync(join(dir, '..'), { mode: 0o711 })
  const first = await startEmbeddedPostgres(dir)
  await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS it')
  await first.stop()
  await expect(query(first.url, 'SELECT 1')).rejects.toThrow(/ENOENT|ECONNREFUSED/)
  const again = await started(dir)
  expect(await query(again.url, 'SELECT it FROM kept')).toEqual([{ it: 7 }])
})

test('its server is reached by its own account only: on a socket in a closed directory, and on no port', async () => {
  const dir = database()
  process.env['WEBHOOK_SECRET'] = 'hush'
  const { url } = await started(dir).finally(() => delete process.env['WEBHOOK_SECRET'])
  const settings = await query<{ name: string; setting: string }>(
    url,
    `SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'unix_socket_directories') ORDER BY name`,
  )
  expect(settings).toEqual([
    { name: 'listen_addresses', setting: '' },
    { name: 'unix_socket_directories', setting: dir },
  ])
  expect(statSync(dir).mode & 0o777).toBe(0o700)
  // None of the app's environment is handed on to it.
  const environment = readFileSync(`/proc/${pidOf(dir)}/environ`, 'utf8')
  expect(environment).toContain('LC_ALL=C')
  expect(environment).not.toContain('hush')
  // PostgreSQL refuses to run as root.
  const uid = serverUser()?.uid ?? process.getuid?.()
  expect(uid).toBeGreaterThan(0)
  expect([statSync(`/proc/${pidOf(dir)}`).uid, statSync(join(dir, 'data')).uid]).toEqual([uid, uid])
})

test('a directory in use is refused with the ways out, and its owner goes on', async () => {
  const dir = database()
  const { said } = await owner(dir)
  await expect(startEmbeddedPostgres(dir)).rejects.toThrow(
    /in use by another running Pawl.*Stop that one.*DATABASE_URL/s,
  )
  expect(await query(said.url ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('the server of an owner that was killed is adopted with everything in it', async () => {
  const dir = database()
  const { child, said } = await owner(dir)
  await query(said.url ?? '', 'CREATE TABLE kept AS SELECT 7 AS it')
  const pid = pidOf(dir)
  await kill(child)
  const adopted = await started(dir)
  expect(pidOf(dir)).toBe(pid)
  expect(await query(adopted.url, 'SELECT it FROM kept')).toEqual([{ it: 7 }])
})

test('what a killed server left behind is cleared away, and nothing that was committed is lost', async () => {
  const dir = database()
  const { child, said } = await owner(dir)
  await query(said.url ?? '', 'CREATE TABLE kept AS SELECT 7 AS it')
  await kill(child)
  const pid = pidOf(dir)
  process.kill(pid, 'SIGKILL')
  // Its process id may be another program's by now: here it is ours.
  const file = join(dir, 'data/postmaster.pid')
  const [, ...rest] = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, [process.pid, ...rest].join('\n'))
  const again = await started(dir)
  expect(await query(again.url, 'SELECT it FROM kept')).toEqual([{ it: 7 }])
})

test('an interrupted creation leaves nothing that looks like a database', async () => {
  const dir = join(directory(), 'pg')
  mkdirSync(join(dir, 'data.new/base'), { recursive: true })
  writeFileSync(join(dir, 'data.new/PG_VERSION'), '18\n')
  const { url } = await started(dir)
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect(existsSync(join(dir, 'data.new'))).toBe(false)
})

test('a path too long for a socket gets a short one of its own', async () => {
  const dir = join(directory(), 'a'.repeat(60), 'b'.repeat(60))
  mkdirSync(join(dir, '..'), { mode: 0o711 })
  execFileSync('cp', ['-a', join(made, 'pg'), dir])
  const { url } = await started(dir)
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  const sockets = decodeURIComponent(/host=(.*)$/.exec(url)?.[1] ?? '')
  expect(sockets).toMatch(/\/pawl-[0-9a-f]{16}$/)
  dirs.push(sockets)
  expect(statSync(sockets).mode & 0o777).toBe(0o700)
})

test('without binaries for the platform the error names the way out', async () => {
  await expect(locateBinaries('plan9-mips')).rejects.toThrow(
    'the package @embedded-postgres/plan9-mips is not installed. Set DATABASE_URL to a PostgreSQL server of your own',
  )
})

test.runIf(asRoot)(
  'as root, below a directory that the account may not enter, the database lives elsewhere',
  async () => {
    const dir = directory()
    chmodSync(dir, 0o700)
    const own = join(dir, 'pg')
    const first = await startEmbeddedPostgres(own)
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS it')
    await first.stop()
    const home = readFileSync(join(own, 'moved-to'), 'utf8').trim()
    dirs.push(home)
    expect(home).toMatch(/^\/var\/lib\/pawl\//)
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    const again = await startEmbeddedPostgres(own)
    expect(await query(again.url, 'SELECT it FROM kept')).toEqual([{ it: 7 }])
    await again.stop()
    rmSync(home, { recursive: true })
    await expect(startEmbeddedPostgres(own)).rejects.toThrow(/which does not exist.*backup, or remove/s)
  },
)

test('a directory that somebody else made for the socket is not used', async () => {
  const binaries = await locateBinaries()
  const dir = join(directory(), 'c'.repeat(100))
  mkdirSync(dir)
  const { sockets } = choosePlace(dir, binaries, null)
  dirs.push(sockets)
  rmSync(sockets, { recursive: true })
  writeFileSync(sockets, '')
  expect(() => choosePlace(dir, binaries, null)).toThrow(/EEXIST|belongs to someone else/)
})

test('the nearest directory that an account may not enter is found', () => {
  const dir = directory()
  mkdirSync(join(dir, 'closed/open'), { recursive: true })
  chmodSync(join(dir, 'closed'), 0o700)
  const stranger = { name: 'stranger', uid: 64_000, gid: 64_000 }
  expect(barrier(join(dir, 'closed/open'), stranger)).toBe(join(dir, 'closed'))
  expect(barrier(join(dir, 'closed'), stranger)).toBeNull()
  const { uid, gid } = statSync(join(dir, 'closed'))
  expect(barrier(join(dir, 'closed/open'), { ...stranger, uid })).toBeNull()
  chmodSync(join(dir, 'closed'), 0o710)
  expect(barrier(join(dir, 'closed/open'), { ...stranger, gid })).toBeNull()
})
