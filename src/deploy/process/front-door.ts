import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { findNamed, identify, runs, type ProcessId } from './identity.ts'
import { readOrNull } from './state.ts'

const Listening = z.object({ pid: z.int(), address: z.string(), asked: z.int(), port: z.int() })

const START_MS = 10_000

/** The front process of a home: the one that is there, or a new one where none serves this address and port. */
export async function openFront(
  home: string,
  address: string,
  port: number,
): Promise<{ ok: true; port: number } | { ok: false; reason: string }> {
  const name = `pawl-front ${home}`
  const there = findNamed(name)
  if (there !== null) {
    const listening = await untilListening(home, there)
    if (listening?.address === address && listening.asked === port) return { ok: true, port: listening.port }
    await end(there)
  }
  rmSync(join(home, 'front.json'), { force: true })
  const started = await start(home, name, address, port)
  const listening = started === null ? null : await untilListening(home, started)
  if (listening !== null) return { ok: true, port: listening.port }
  const said = readFileSync(join(home, 'front.log'), 'utf8').trim()
  return { ok: false, reason: `the front process cannot serve ${address}, port ${port}: ${said || 'it said nothing'}` }
}

async function start(home: string, name: string, address: string, port: number): Promise<ProcessId | null> {
  const log = openSync(join(home, 'front.log'), 'w', 0o600)
  const program = fileURLToPath(new URL('front.ts', import.meta.url))
  // No environment: it outlives this process and needs none of its secrets.
  const child = spawn(process.execPath, [program, home, address, String(port)], {
    argv0: name,
    cwd: '/',
    env: {},
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  await once(child, 'spawn')
  child.unref()
  return child.pid === undefined ? null : identify(child.pid)
}

/** What the process wrote once it listened; `null` when it ended first or takes too long. */
async function untilListening(home: string, front: ProcessId): Promise<z.output<typeof Listening> | null> {
  const deadline = Date.now() + START_MS
  while (runs(front) && Date.now() < deadline) {
    const written = readOrNull(join(home, 'front.json'))
    if (written !== null) {
      const parsed = Listening.safeParse(JSON.parse(written))
      if (parsed.success && parsed.data.pid === front.pid) return parsed.data
    }
    await sleep(20)
  }
  return null
}

/** Ends the front process of a home, if there is one: the port is free again. */
export async function closeFront(home: string): Promise<void> {
  const there = findNamed(`pawl-front ${home}`)
  if (there !== null) await end(there)
  rmSync(join(home, 'front.json'), { force: true })
}

/** It holds nothing that has to be put away, so it is not asked. */
async function end(front: ProcessId): Promise<void> {
  if (runs(front)) process.kill(front.pid, 'SIGKILL')
  while (runs(front)) await sleep(10)
}
