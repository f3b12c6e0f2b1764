import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessSetting } from '../../config.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { descendants, findNamed, identify, runs, type ProcessId } from './identity.ts'
import { freePort } from './ready.ts'
import { readOrNull, readState, writeAtomically, type Slot, type SlotName, type State } from './state.ts'

export type Fault = { ok: false; reason: string; remedy: string }

/** Below the shell, bubblewrap and its first process of the sandbox come the processes of the service itself. */
const SERVICE_DEPTH = 3

/** The two places of a service and what runs in them. Everything is written down before and after it is done. */
export function openSlots(home: string, setting: ProcessSetting, sandbox: Sandbox) {
  const file = join(home, 'state.json')
  const dirOf = (name: SlotName) => join(home, name)
  const logOf = (name: SlotName) => join(home, `${name}.log`)
  const titleOf = (name: SlotName) => `pawl-slot ${dirOf(name)}`

  const read = () => readState(file)
  const write = (state: State) => writeAtomically(file, state)
  const note = (name: SlotName, slot: Slot) => {
    const state = read()
    write({ ...state, slots: { ...state.slots, [name]: slot } })
  }
  /** A process that was started and not written down before Pawl died is found by its name. */
  const processOf = (name: SlotName): ProcessId | null => {
    const slot = read().slots[name]
    if (slot === null || slot.port === null) return null
    if (slot.process !== null) return runs(slot.process) ? slot.process : null
    return findNamed(titleOf(name))
  }

  return {
    read,
    logOf,
    processOf,

    goLive(name: SlotName | null) {
      write({ ...read(), live: name })
    },

    /** Checks a commit out and prepares it, unless that was done in this slot before. */
    async fill(
      name: SlotName,
      sha: string,
      services: { checkOut(sha: string, dir: string): Promise<void>; timeout: number },
    ): Promise<{ ok: true } | Fault> {
      const there = read().slots[name]
      if (there?.sha === sha && there.prepared) return { ok: true }
      note(name, { sha, prepared: false, port: null, process: null })
      rmSync(dirOf(name), { recursive: true, force: true })
      mkdirSync(dirOf(name), { recursive: true, mode: 0o700 })
      await services.checkOut(sha, dirOf(name))
      if (setting.prepare !== null) {
        const signal = new AbortController().signal
        const options = { workspace: dirOf(name), timeoutMs: services.timeout, signal, env: setting.env }
        const result = await sandbox.run(setting.prepare, options)
        if (!result.ok) {
          const said = `${result.stdout}\n${result.stderr}`.trim().slice(-2_000)
          return {
            ok: false,
            reason: `deploy.process.prepare (${setting.prepare.join(' ')}) ${result.reason}${said === '' ? '' : `:\n${said}`}`,
            remedy: 'have the command prepare the service without the network, then comment /retry',
          }
        }
      }
      note(name, { sha, prepared: true, port: null, process: null })
      return { ok: true }
    },

    /** Starts the service of a filled slot, unless it runs already; answers the port it was told to serve. */
    async start(name: SlotName): Promise<{ ok: true; port: number; process: ProcessId } | Fault> {
      const slot = read().slots[name]
      if (slot === null) throw new Error(`the slot ${name} of ${home} is empty`)
      const running = processOf(name)
      if (running !== null && slot.port !== null) {
        note(name, { ...slot, process: running })
        return { ok: true, port: slot.port, process: running }
      }
      const port = await freePort()
      note(name, { ...slot, port, process: null })
      rmSync(logOf(name), { force: true })
      const env = { ...setting.env, [setting.variable]: String(port) }
      const options = { workspace: dirOf(name), env, name: titleOf(name), log: logOf(name) }
      const started = await sandbox.serve(setting.run, options)
      if (!started.ok) return started
      const process = identify(started.pid)
      if (process === null) {
        const said = lastLines(readOrNull(logOf(name)) ?? '')
        return { ok: false, reason: `the service ended at once: ${said}`, remedy: 'correct deploy.process.run' }
      }
      note(name, { ...slot, port, process })
      return { ok: true, port, process }
    },

    /** Asks the service to end, waits for `stop`, then ends it. Returns when nothing of it is left. */
    async stop(name: SlotName): Promise<void> {
      const running = processOf(name)
      if (running !== null) {
        const below = descendants(running.pid)
        const started = below.flatMap(({ pid }) => identify(pid) ?? [])
        for (const { pid, depth } of below) if (depth >= SERVICE_DEPTH) send(pid, 'SIGTERM')
        const deadline = Date.now() + setting.stop
        while (runs(running) && Date.now() < deadline) await sleep(20)
        if (runs(running)) send(-running.pid, 'SIGKILL')
        // The first process of the sandbox is among them, and it is the last of it to end: pid_namespaces(7).
        while ([running, ...started].some(runs)) await sleep(10)
      }
      const slot = read().slots[name]
      if (slot !== null && slot.port !== null) note(name, { ...slot, port: null, process: null })
    },
  }
}

/** What has ended meanwhile needs no signal. */
function send(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

export function lastLines(log: string): string {
  return log.trimEnd().split('\n').slice(-10).join('\n') || 'it said nothing'
}
