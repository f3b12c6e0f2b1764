import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { runElsewhere } from '../../src/git/runner.ts'

const dir = mkdtempSync(join(tmpdir(), 'pawl-runner-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const command = (args: string[], input = '') => ({
  args,
  cwd: dir,
  env: { PATH: process.env['PATH'] ?? '' },
  input,
  timeoutMs: null,
})

test('many commands at once each get their own result, whatever bytes are in it', async () => {
  const texts = ['', 'one\n', '\0\u00ff', 'x'.repeat(3_000_000)]
  const hashed = await Promise.all(texts.map((text) => runElsewhere(command(['hash-object', '--stdin'], text))))
  expect(hashed.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  expect(new Set(hashed.map(({ stdout }) => stdout.toString())).size).toBe(4)
  expect(hashed[1]?.stdout.toString()).toBe('5626abf0f72e58d7a153368ba57db4c673c0e171\n')
})

test('a program that has no more to ask ends, and nothing of it stays', async () => {
  const runner = fileURLToPath(new URL('../../src/git/runner.ts', import.meta.url))
  const program = `
    const { runElsewhere } = await import(${JSON.stringify(runner)})
    const { stdout } = await runElsewhere(${JSON.stringify(command(['version']))})
    const { execFileSync } = await import('node:child_process')
    console.log(execFileSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,args=']).toString())
    if (!stdout.toString().startsWith('git version')) process.exit(1)
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])
  const pid = Number(/(\d+) .*runner-process/.exec(stdout)?.[1])
  await expect.poll(() => alive(pid), { timeout: 10_000 }).toBe(false)
})

test('a runner that dies fails what it was asked, and the next question starts another', async () => {
  // A server that never answers.
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const asked = runElsewhere(command(['ls-remote', `http://127.0.0.1:${(silent.address() as AddressInfo).port}/x.git`]))
  const failed = asked.catch((error: Error) => error.message)
  const [socket] = (await once(silent, 'connection')) as [Socket]
  process.kill(await runnerOf(process.pid), 'SIGKILL')
  expect(await failed).toBe('the process that starts git ended with SIGKILL')
  socket.destroy()
  silent.close()
  expect((await runElsewhere(command(['version']))).code).toBe(0)
})

async function runnerOf(parent: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['--ppid', String(parent), '-o', 'pid=,args='])
  return Number(/(\d+) .*runner-process/.exec(stdout)?.[1])
}

/** One that has ended and that nobody has asked about yet does not live. */
async function alive(pid: number): Promise<boolean> {
  const state = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return /^[^Z\s]/.test(state.stdout)
}
