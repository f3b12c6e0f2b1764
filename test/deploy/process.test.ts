import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProcessSetting } from '../../src/config.ts'
import type { DeployRequest } from '../../src/deploy/deployer.ts'
import { processDeployer } from '../../src/deploy/process.ts'
import { findNamed } from '../../src/deploy/process/identity.ts'
import { createSandbox } from '../../src/sandbox/sandbox.ts'
import { checkOut, logged } from './service.ts'

const sandbox = createSandbox()
const checkedOut: string[] = []
let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pawl-process-'))
  checkedOut.length = 0
})
afterEach(async () => {
  for (const [slot, kind] of [
    ['/a', 'slot'],
    ['/b', 'slot'],
    ['', 'front'],
  ]) {
    const found = findNamed(`pawl-${kind} ${home}${slot}`)
    if (found) process.kill(-found.pid, 'SIGKILL')
  }
  await rm(home, { recursive: true, force: true })
})

const setting: ProcessSetting = {
  prepare: null,
  run: ['node', 'server.mjs'],
  variable: 'PORT',
  health: '/health',
  ready: 5_000,
  stop: 2_000,
  address: '127.0.0.1',
  port: 0,
  env: {},
}

/** A new one each time, as after a restart of Pawl: nothing is kept in memory. */
function deployer(more: Partial<ProcessSetting> = {}, box = sandbox) {
  return processDeployer(
    { ...setting, ...more },
    {
      sandbox: box,
      home,
      timeout: 10_000,
      checkOut: (sha, dir) => {
        checkedOut.push(sha)
        return checkOut(sha, dir)
      },
    },
  )
}

const wanted = (sha: string, reason: DeployRequest['reason'] = 'update'): DeployRequest => {
  return { codename: 'brave-otter', repo: 'o/r', sha, environment: 'production', reason, again: false }
}

async function deploy(sha: string, more: Partial<ProcessSetting> = {}) {
  const state = await deployer(more).begin(wanted(sha))
  if (state.state !== 'done' || state.url === undefined) throw new Error(state.detail)
  return state.url
}

type Answer = { version: string; env: Record<string, string>; pid: number }
const get = async (url: string) => (await (await fetch(url, { headers: { connection: 'close' } })).json()) as Answer

describe('OUT-2 a process on this host with two slots', () => {
  it('serves a commit at the public port', async () => {
    const url = await deploy('good-1')
    expect(await get(url)).toMatchObject({ version: 'good-1' })
    expect(await deployer().serving('production')).toEqual({ sha: 'good-1', deployment: null })
    expect(await deployer().look(wanted('good-1'), null)).toMatchObject({ state: 'done', url })
  })

  it('switches to the next commit at the same address while requests go on, and stops the old one gracefully', async () => {
    const url = await deploy('good-1')
    const slow = fetch(`${url}/slow`, { headers: { connection: 'close' } })
    await get(url)
    expect(await deploy('good-2')).toBe(url)
    expect(await get(url)).toMatchObject({ version: 'good-2' })
    expect(await (await slow).text()).toBe('good-1')
    expect(findNamed(`pawl-slot ${home}/a`)).toBeNull()
    expect(await logged(home, 'a')).toContain('drains')
  })

  it('answers every request that comes during a switch', async () => {
    const url = await deploy('good-1')
    let over = false
    const versions = new Set<string>()
    const asking = (async () => {
      while (!over) versions.add((await get(url)).version)
    })()
    await deploy('good-2')
    versions.add((await get(url)).version)
    over = true
    await asking
    expect([...versions]).toEqual(['good-1', 'good-2'])
  })

  it('goes back to the old commit without checking it out again', async () => {
    const url = await deploy('good-1')
    await deploy('good-2')
    expect(await deployer().begin(wanted('good-1', 'rollback'))).toMatchObject({ state: 'done', url })
    expect(await get(url)).toMatchObject({ version: 'good-1' })
    expect(checkedOut).toEqual(['good-1', 'good-2'])
  })

  it('ends a service that does not heed SIGTERM once its time is over', async () => {
    await deploy('stubborn-1', { stop: 200 })
    await deploy('good-2', { stop: 200 })
    expect(findNamed(`pawl-slot ${home}/a`)).toBeNull()
  })

  it('runs the service in the sandbox: configured variables only, the host’s files unseen', async () => {
    process.env['PAWL_TEST_CANARY'] = 'leaked'
    const url = await deploy('good-1', { env: { GREETING: 'hello' } })
    delete process.env['PAWL_TEST_CANARY']
    const { env } = await get(url)
    expect(env).toMatchObject({ GREETING: 'hello', HOME: '/tmp/home' })
    expect(env).not.toHaveProperty('PAWL_TEST_CANARY')
    const front = findNamed(`pawl-front ${home}`)
    expect(await readFile(`/proc/${front?.pid}/environ`, 'utf8')).toBe('')
  })
})

describe('a deployment that does not come up leaves the old version in service', () => {
  it.each([
    ['it ends at once', 'ends-2', {}, /ended while it was starting[^]*no such table/],
    // On a busy machine it has not even begun to listen by then.
    [
      'it is not healthy in time',
      'sick-2',
      { ready: 300 },
      /not ready within 300 ms: it (answered 500|cannot be reached)/,
    ],
    [
      'it cannot be prepared',
      'good-2',
      { prepare: ['sh', '-c', 'echo no compiler; exit 7'] },
      /exit status 7[^]*no compiler/,
    ],
    ['its command is not there', 'good-2', { run: ['no-such-program'] }, /no-such-program/],
  ] as const)('when %s', async (_, sha, more, detail) => {
    const url = await deploy('good-1')
    const state = await deployer({
      ...more,
      prepare: 'prepare' in more ? [...more.prepare] : null,
      run: 'run' in more ? [...more.run] : setting.run,
    }).begin(wanted(sha))
    expect(state).toMatchObject({ state: 'failed', detail: expect.stringMatching(detail) })
    expect(await get(url)).toMatchObject({ version: 'good-1' })
    expect(findNamed(`pawl-slot ${home}/b`)).toBeNull()
    expect(await deployer().serving('production')).toEqual({ sha: 'good-1', deployment: null })
  })

  it('fails closed without a sandbox', async () => {
    const without = createSandbox({ program: '/nonexistent/bwrap' })
    const state = await deployer({}, without).begin(wanted('good-1'))
    expect(state).toMatchObject({ state: 'failed', detail: expect.stringContaining('is not installed') })
    expect(findNamed(`pawl-slot ${home}/a`)).toBeNull()
  })

  it('says so when the public port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    const state = await deployer({ port }).begin(wanted('good-1'))
    other.close()
    expect(state).toMatchObject({ state: 'failed', detail: expect.stringContaining('EADDRINUSE') })
    expect(findNamed(`pawl-slot ${home}/a`)).toBeNull()
  })
})

describe('what a crash left', () => {
  it('a service that runs is adopted, not started twice', async () => {
    const url = await deploy('good-1')
    const { pid } = await get(url)
    const shell = findNamed(`pawl-slot ${home}/a`)
    expect(await deploy('good-1')).toBe(url)
    expect((await get(url)).pid).toBe(pid)
    expect(findNamed(`pawl-slot ${home}/a`)).toEqual(shell)
    expect(checkedOut).toEqual(['good-1'])
  })

  it('a process that was started and not yet written down is found by its name', async () => {
    const url = await deploy('good-1')
    const shell = findNamed(`pawl-slot ${home}/a`)
    const file = join(home, 'state.json')
    const state = JSON.parse(await readFile(file, 'utf8'))
    state.live = null
    state.slots.a.process = null
    await writeFile(file, JSON.stringify(state))
    await rm(join(home, 'target.json'))
    expect(await deploy('good-1')).toBe(url)
    expect(findNamed(`pawl-slot ${home}/a`)).toEqual(shell)
    expect((await readdir('/proc')).includes(String(shell?.pid))).toBe(true)
  })

  it('goes on serving when Pawl is killed in the middle of a deployment, and is finished by the next', async () => {
    const url = await deploy('good-1')
    const program = fileURLToPath(new URL('deploying.ts', import.meta.url))
    const pawl = spawn(process.execPath, [program, home, JSON.stringify(setting), 'late-2'], { stdio: 'ignore' })
    const killed = once(pawl, 'exit')
    while (!(await logged(home, 'b')).includes('listens')) await setImmediate()
    pawl.kill('SIGKILL')
    await killed
    expect(await get(url)).toMatchObject({ version: 'good-1' })
    const shell = findNamed(`pawl-slot ${home}/b`)
    await writeFile(join(home, 'b', 'healthy'), '')
    expect(await deploy('late-2')).toBe(url)
    expect(await get(url)).toMatchObject({ version: 'late-2' })
    expect(findNamed(`pawl-slot ${home}/b`)).toEqual(shell)
  })

  it('a front that died is opened again', async () => {
    await deploy('good-1')
    const { pid } = findNamed(`pawl-front ${home}`) ?? { pid: 0 }
    process.kill(pid, 'SIGKILL')
    const state = await deployer().look(wanted('good-1'), null)
    expect(state.state).toBe('done')
    expect(await get(state.state === 'done' ? (state.url ?? '') : '')).toMatchObject({ version: 'good-1' })
  })

  it('a service that died is a failed deployment, and is started again when asked for', async () => {
    await deploy('good-1')
    const { pid } = findNamed(`pawl-slot ${home}/a`) ?? { pid: 0 }
    process.kill(-pid, 'SIGKILL')
    while (findNamed(`pawl-slot ${home}/a`) !== null) await setImmediate()
    expect(await deployer().look(wanted('good-1'), null)).toMatchObject({ state: 'failed' })
    expect(await get(await deploy('good-1'))).toMatchObject({ version: 'good-1' })
  })
})
