import type { Verdict } from '../model.ts'
import { fault, verdictOf } from './verdict.ts'

/** The host and what the service needs, right after a restart. Sizes are bytes. */
export type RestartFacts = {
  memory: { free: number; floor: number }
  disk: { free: number; floor: number }
  services: { url: string; ok: boolean; detail: string }[]
}

/** MON-1: does everything that was there before the restart still stand? The probes judge the service itself. */
export function judgeRestart({ memory, disk, services }: RestartFacts): Verdict {
  const findings = services
    .filter(({ ok }) => !ok)
    .map(({ url, detail }) => {
      const message = `After the restart the service ${url} does not answer as expected: ${detail}.`
      return fault('health', 'service-down', message, 'See whether the change has cut it off; then comment /retry.')
    })
  if (memory.free < memory.floor) {
    const message = 'After the restart less memory is free on the app’s host than preflight.memory asks for.'
    findings.push(fault('health', 'memory-low', message, 'See whether the change takes more; then comment /retry.'))
  }
  if (disk.free < disk.floor) {
    const message = 'After the restart less disk is free on the app’s host than preflight.disk asks for.'
    findings.push(fault('health', 'disk-low', message, 'See whether the change takes more; then comment /retry.'))
  }
  return verdictOf('health', findings)
}
