import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSandbox, type RunOptions } from '../../src/sandbox/sandbox.ts'

const sandbox = createSandbox()
let workspace: string

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'pawl-sandbox-'))
})
afterEach(() => rm(workspace, { recursive: true, force: true }))

function run(command: string[], options: Partial<RunOptions> = {}) {
  return sandbox.run(command, { workspace, timeoutMs: 20_000, signal: AbortSignal.timeout(25_000), ...options })
}

/** Process ids of this machine whose command line holds the text. */
async function processesWith(text: string): Promise<string[]> {
  const found: string[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (line.includes(text)) found.push(pid)
  }
  return found
}

describe('what a command may do', () => {
  it('passes its own self-test', async () => {
    expect(await sandbox.check()).toEqual({ ok: true })
  })

  it('writes the workspace and reads what it is given on standard input', async () => {
    const result = await run(['sh', '-c', 'cat > said; mkdir -p a/b; echo deep > a/b/c'], { stdin: 'hello' })
    expect(result).toMatchObject({ ok: true, code: 0, reason: '' })
    expect(await readFile(join(workspace, 'said'), 'utf8')).toBe('hello')
    expect(await readFile(join(workspace, 'a/b/c'), 'utf8')).toBe('deep\n')
  })

  it('runs this Node, and scripts of a package through npm', async () => {
    await writeFile(
      join(workspace, 'package.json'),
      JSON.stringify({ scripts: { version: 'node -p process.version' } }),
    )
    const result = await run(['npm', 'run', '--silent', 'version'])
    expect(result.stdout.trim()).toBe(process.version)
  })

  it('serves and reaches localhost within itself, as tests of a repository do', async () => {
    const script = `
      const server = require('node:http').createServer((_, answer) => answer.end('here')).listen(0, async () => {
        console.log(await (await fetch('http://localhost:' + server.address().port)).text()); process.exit()
      })`
    expect((await run(['node', '-e', script])).stdout).toBe('here\n')
  })
})

describe('what a command may not do', () => {
  it('sees no variable but the few of the sandbox and the ones it is given, not even through its first process', async () => {
    process.env['PAWL_TEST_CANARY'] = 'leaked'
    const result = await run(['sh', '-c', 'env; tr "\\0" "\\n" < /proc/1/environ'], { env: { GIVEN: 'a b' } })
    delete process.env['PAWL_TEST_CANARY']
    const names = result.stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('=')[0]]))
    expect(new Set(names)).toEqual(new Set(['GIVEN', 'HOME', 'LANG', 'NO_UPDATE_NOTIFIER', 'PATH', 'PWD']))
    expect(result.stdout).toContain('GIVEN=a b')
  })

  it('reaches no listener of the host', async () => {
    let reached = false
    const server = createServer(() => (reached = true)).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const result = await run(['node', '-e', `require('net').connect(${port}, '127.0.0.1')`])
    server.close()
    expect(result.ok).toBe(false)
    expect(result.stderr).toContain('ECONNREFUSED')
    expect(reached).toBe(false)
  })

  it('writes nothing outside of the workspace and its own temporary directory', async () => {
    const paths = '/x /usr/x /etc/x /dev/x /opt/x /tmp/x /repo/x'
    const result = await run(['sh', '-c', `for path in ${paths}; do touch $path 2>/dev/null && echo $path; done; true`])
    expect(result.stdout.split('\n')).toEqual(['/tmp/x', '/repo/x', ''])
  })

  it.each([
    ['a file', async () => writeFile(join(workspace, '.git'), 'gitdir: /elsewhere')],
    [
      'a directory',
      async () => mkdir(join(workspace, '.git')).then(() => writeFile(join(workspace, '.git/config'), 'x')),
    ],
  ])('can neither read nor replace a .git that is %s', async (_, make) => {
    await make()
    const result = await run([
      'sh',
      '-c',
      'cat .git .git/* ; rm -rf .git; mv .git other; echo hook > .git/hook; ls -A .git/',
    ])
    expect(result.stdout).toBe('')
    const kept = (await readdir(workspace)).includes('.git') && !existsSync(join(workspace, '.git/hook'))
    expect(kept).toBe(true)
  })

  it('does not follow a .git that is a link', async () => {
    await symlink('/etc', join(workspace, '.git'))
    const result = await run(['true'])
    expect(result.ok).toBe(false)
    expect(result.reason).toContain('.git in the workspace')
  })

  it('has no capability and makes no user namespace', async () => {
    const result = await run(['sh', '-c', 'grep CapEff /proc/self/status; unshare --user true && echo nested'])
    expect(result.stdout).toBe('CapEff:\t0000000000000000\n')
  })
})

describe('what ends a command', () => {
  it('kills it with all its children when its time is over', async () => {
    const token = randomUUID()
    const script = `setsid sh -c 'sleep 60; : ${token}' & sleep 60; : ${token}`
    const result = await run(['sh', '-c', script], { timeoutMs: 500 })
    expect(result).toMatchObject({ ok: false, code: null, reason: 'took longer than 0.5 s and was stopped' })
    expect(await processesWith(token)).toEqual([])
  })

  it('kills it when the signal comes, and starts nothing when it has come before', async () => {
    const cancelled = await run(['sh', '-c', 'touch started; sleep 60'], { signal: AbortSignal.timeout(400) })
    expect(cancelled).toMatchObject({ ok: false, code: null, reason: 'was cancelled' })
    expect(existsSync(join(workspace, 'started'))).toBe(true)
    await run(['touch', 'never'], { signal: AbortSignal.abort() })
    expect(existsSync(join(workspace, 'never'))).toBe(false)
  })

  it('leaves nothing of what it put into the background', async () => {
    const token = randomUUID()
    const writer = `sh -c 'while :; do echo x >> grows; done; : ${token}' &`
    const script = `(for each in 1 2 3 4 5; do ${writer} done; wait) > /dev/null 2>&1 < /dev/null & sleep 0.05; echo done`
    // The command may end well before its children do, so once proves little.
    for (let time = 0; time < 10; time += 1) {
      expect(await run(['sh', '-c', script])).toMatchObject({ ok: true, stdout: 'done\n' })
      expect(await processesWith(token)).toEqual([])
    }
  })

  it('stops a command that writes too large a file or takes too much memory', async () => {
    const large = await run(['sh', '-c', 'head -c 2000000 /dev/zero > large'], { limits: { fileSize: 1_000_000 } })
    expect(large.reason).toContain('larger file than the sandbox allows')
    const greedy = ['node', '-e', 'const all = []; for (let i = 0; i < 6; i++) all.push(Buffer.alloc(1e8, 1))']
    expect(await run(greedy, { limits: { memory: 600_000_000 } })).toMatchObject({ ok: false })
    expect(await run(greedy, { limits: { memory: 2_000_000_000 } })).toMatchObject({ ok: true })
  })

  it('keeps both ends of an output that is too long', async () => {
    const script = 'echo first; yes | head -c 300000; echo last'
    const { stdout } = await run(['sh', '-c', script], { limits: { output: 10_000 } })
    expect(stdout.length).toBeLessThan(10_100)
    expect(stdout).toMatch(/^first\n[^]*\n\[290011 bytes left out\]\n[^]*last\n$/)
  })

  it('says with which status a command ended', async () => {
    expect(await run(['sh', '-c', 'echo why >&2; exit 3'])).toMatchObject({
      ok: false,
      code: 3,
      stderr: 'why\n',
      reason: 'ended with exit status 3',
    })
    expect((await run(['no-such-command'])).stderr).toContain('no-such-command')
  })
})

describe('when the sandbox cannot do what is asked', () => {
  it('runs nothing without bubblewrap and says what to install', async () => {
    const without = createSandbox({ program: '/nonexistent/bwrap' })
    const result = await without.run(['touch', 'ran'], {
      workspace,
      timeoutMs: 5_000,
      signal: AbortSignal.timeout(5_000),
    })
    expect(result.ok).toBe(false)
    expect(result.reason).toMatch(/is not installed.*install the package bubblewrap/)
    expect(existsSync(join(workspace, 'ran'))).toBe(false)
    const log = join(workspace, 'log')
    expect(await without.serve(['touch', 'ran'], { workspace, env: {}, name: 'x', log })).toMatchObject({ ok: false })
    expect(existsSync(join(workspace, 'ran'))).toBe(false)
  })

  it('finds out that a program only looks like bubblewrap, and looks again once it is mended', async () => {
    const fake = join(workspace, 'bwrap')
    // Runs the command with everything this process may do.
    await writeFile(fake, '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n')
    await chmod(fake, 0o755)
    const pretending = createSandbox({ program: fake })
    const pretended = await pretending.check()
    expect(pretended).toMatchObject({ ok: false })
    await rm(fake)
    await writeFile(fake, '#!/bin/sh\nexec bwrap "$@"\n')
    await chmod(fake, 0o755)
    expect(await pretending.check()).toEqual({ ok: true })
  })

  it('refuses a workspace that is no directory and a variable that cannot be set', async () => {
    expect((await run(['true'], { workspace: join(workspace, 'missing') })).reason).toContain('is not a directory')
    expect((await run(['true'], { env: { 'A=B': 'c' } })).reason).toContain('"A=B" cannot be set')
  })
})
