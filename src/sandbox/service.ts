import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { limitedService, type Limits } from './limits.ts'

export type Service = {
  program: string
  jail: string[]
  command: string[]
  limits: Limits
  name: string
  log: string
}

/**
 * Starts bubblewrap below a shell that outlives this process. The shell is there because the sandbox dies with its parent:
 * so the parent must be something that ends with the service and that can be killed.
 */
export async function startService(
  service: Service,
): Promise<{ ok: true; pid: number } | { ok: false; reason: string; remedy: string }> {
  const log = openSync(service.log, 'a', 0o600)
  try {
    const argv = [service.program, '--args', '3', '--', ...limitedService(service.limits, service.command)]
    const child = spawn('/bin/sh', ['-c', '"$@"; exit $?', service.name, ...argv], {
      argv0: service.name,
      cwd: '/',
      env: {},
      detached: true,
      stdio: ['ignore', log, log, 'pipe'],
    })
    const handOver = child.stdio[3] as Writable
    handOver.on('error', () => {})
    handOver.end(service.jail.join('\0'))
    await once(child, 'spawn')
    child.unref()
    if (child.pid === undefined) throw new Error('the process has no id')
    return { ok: true, pid: child.pid }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { ok: false, reason: `the service cannot be started: ${why}`, remedy: 'see the log of the host' }
  } finally {
    closeSync(log)
  }
}
