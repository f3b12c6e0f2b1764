import { join, resolve } from 'node:path'
import type { ProcessSetting } from '../config.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Deployer, DeployState } from './deployer.ts'
import { closeFront, openFront } from './process/front-door.ts'
import { ask, untilReady } from './process/ready.ts'
import { lastLines, openSlots, type Fault } from './process/slots.ts'
import { readOrNull, writeAtomically, type SlotName } from './process/state.ts'

export type ProcessServices = {
  sandbox: Sandbox
  /** Writes the files of a commit into an empty directory, without `.git`. */
  checkOut(sha: string, dir: string): Promise<void>
  /** The directory of this one deployed service: its slots, logs and state. No other service may share it. */
  home: string
  /** How long `prepare` may take, in ms. */
  timeout: number
}

/**
 * Runs the service as a process of this host, in two slots, behind a small front process that holds the public port. All of a
 * deployment happens in `begin`; the old version serves until the new one is healthy.
 */
export function processDeployer(setting: ProcessSetting, services: ProcessServices): Deployer {
  const home = resolve(services.home)
  const slots = openSlots(home, setting, services.sandbox)

  /** The slot that serves this commit in good health, if one does. */
  const servingSlot = async (sha: string): Promise<SlotName | null> => {
    const { live, slots: both } = slots.read()
    const slot = live === null ? null : both[live]
    if (live === null || slot?.sha !== sha || slot.port === null) return null
    const answer = await ask(slot.port, setting.health)
    // Afterwards: what answered may have been at its end.
    return answer === 'healthy' && slots.processOf(live) !== null ? live : null
  }

  /** Everything up to a healthy new version that nobody sees yet. */
  const bringUp = async (name: SlotName, sha: string): Promise<{ ok: true; port: number } | Fault> => {
    const filled = await slots.fill(name, sha, services)
    if (!filled.ok) return filled
    const started = await slots.start(name)
    if (!started.ok) return started
    const running = () => slots.processOf(name) !== null
    const ready = await untilReady(started.port, setting.health, setting.ready, running)
    if (ready.ok) return started
    const said = lastLines(readOrNull(slots.logOf(name)) ?? '')
    return {
      ok: false,
      reason: `${ready.reason}\n${said}`,
      remedy: `have the service listen on the port in ${setting.variable} and answer ${setting.health}; its log is ${slots.logOf(name)}`,
    }
  }

  const openDoor = async (): Promise<{ ok: true; port: number } | Fault> => {
    const front = await openFront(home, setting.address, setting.port)
    return front.ok ? front : { ...front, remedy: 'free the port, or name another in deploy.process.port' }
  }

  const begin: Deployer['begin'] = async ({ sha }) => {
    const already = await servingSlot(sha)
    const { live, slots: both } = slots.read()
    const name = already ?? idle(live)
    // What a crash left in the slot goes on when it is the same commit, and makes room when it is not.
    if (already === null && both[name] !== null && both[name].sha !== sha) await slots.stop(name)
    const giveUp = async (fault: Fault) => {
      if (already === null) await slots.stop(name)
      return failed(sha, fault)
    }
    const up = await bringUp(name, sha)
    if (!up.ok) return giveUp(up)
    const front = await openDoor()
    if (!front.ok) return giveUp(front)
    writeAtomically(join(home, 'target.json'), { port: up.port })
    slots.goLive(name)
    await slots.stop(idle(name))
    return done(sha, setting.address, front.port)
  }

  return {
    via: 'process',
    begin,
    async look({ sha }) {
      if ((await servingSlot(sha)) === null) {
        return failed(sha, {
          reason: 'the service does not run in good health any more',
          remedy: `read its log in ${home}, correct the cause, then comment /retry`,
        })
      }
      const front = await openDoor()
      return front.ok ? done(sha, setting.address, front.port) : failed(sha, front)
    },
    async serving() {
      const { live, slots: both } = slots.read()
      const slot = live === null ? null : both[live]
      return slot === null ? null : { sha: slot.sha, deployment: null }
    },
    async withdraw() {
      await closeFront(home)
      slots.goLive(null)
      for (const name of ['a', 'b'] as const) await slots.stop(name)
      return true
    },
  }
}

function idle(live: SlotName | null): SlotName {
  return live === 'a' ? 'b' : 'a'
}

function done(sha: string, address: string, port: number): DeployState {
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`
  return { state: 'done', deployment: null, detail: `${sha} is served at ${url}`, url }
}

function failed(sha: string, { reason, remedy }: { reason: string; remedy: string }): DeployState {
  return { state: 'failed', deployment: null, detail: `${sha} could not be brought into service: ${reason}`, remedy }
}
