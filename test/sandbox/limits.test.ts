import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Limits } from '../../src/sandbox/limits.ts'
import { createSandbox } from '../../src/sandbox/sandbox.ts'

const sandbox = createSandbox()
let workspace: string
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'pawl-limits-'))
})
afterEach(() => rm(workspace, { recursive: true, force: true }))

const MB = 1024 ** 2
const run = (command: string[], limits: Partial<Limits>) =>
  sandbox.run(command, { workspace, limits, timeoutMs: 20_000, signal: AbortSignal.timeout(25_000) })

/** Takes so many MB of memory and waits. */
const greedy = (megabytes: number) =>
  `node -e 'globalThis.all = Buffer.alloc(${megabytes} * 1e6, 1); setTimeout(() => {}, 15e3)'`

describe('all processes of a command together', () => {
  it('may be so many and no more, also where the host runs this as root', async () => {
    const { ok, reason } = await run(['sh', '-c', 'for i in $(seq 60); do sleep 15 & done; wait'], {
      processes: 40,
    })
    // To root the kernel gives every process, to others none beyond the limit.
    const why = process.getuid?.() === 0 ? 'ran more than the 40 processes that the sandbox allows' : reason
    expect([ok, reason]).toEqual([false, why])
    const few = 'for i in $(seq 20); do sleep 0.3 & done; wait'
    expect(await run(['sh', '-c', few], { processes: 40 })).toMatchObject({ ok: true })
  })

  it('may use so much memory, though each by itself uses less', async () => {
    const both = ['sh', '-c', `${greedy(150)} & ${greedy(150)}`]
    const { code, reason } = await run(both, { memory: 2048 * MB, total: 250 * MB })
    expect([code, reason]).toEqual([null, 'used more than the 250 MB of memory that the sandbox allows'])
  })

  it('leave memory to the host', async () => {
    const { reason } = await run(['sleep', '15'], { spare: 1024 ** 5 })
    expect(reason).toBe('left the host less than 1073741824 MB of memory')
  })

  it('may fill so much of the disk, with files each of which is small enough', async () => {
    const filling = 'for i in $(seq 40); do head -c 10000000 /dev/zero > file-$i; done; sleep 15'
    const { code, reason } = await run(['sh', '-c', filling], { fileSize: 20 * MB, disk: 100 * MB })
    expect([code, reason]).toEqual([null, 'filled more than the 100 MB of disk that the sandbox allows'])
  })
})

it('computing time of a process ends, however long the command may take', async () => {
  const { reason } = await run(['sh', '-c', 'while :; do :; done'], { cpu: 1 })
  expect(reason).toMatch(/computing time|was killed/)
})

it('files may be opened up to the limit', async () => {
  const opening = `node -e 'const fs = require("node:fs"); try { for (;;) fs.openSync("/dev/null") } catch (e) { console.log(e.code) }'`
  expect((await run(['sh', '-c', opening], { openFiles: 100 })).stdout).toBe('EMFILE\n')
})
