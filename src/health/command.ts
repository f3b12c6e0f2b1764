import type { ProbeSetting } from '../config.ts'
import type { Probe } from './probe.ts'

type CommandSetting = Extract<ProbeSetting, { kind: 'command' }>

/** Runs a probe's command in the sandbox. */
export type ProbeExec = (
  command: string[],
  options: { timeoutMs: number; signal: AbortSignal },
) => Promise<{ ok: boolean; stdout: string; stderr: string; reason: string; ms: number }>

const SHOWN = 200

/** Healthy is what ends with status 0 in time. */
export function commandProbe({ name, run, within }: CommandSetting, exec: ProbeExec): Probe {
  return {
    name,
    async sample(at, signal) {
      try {
        const { ok, ms, reason, stdout, stderr } = await exec(run, { timeoutMs: within, signal })
        const said = `${stderr}\n${stdout}`.trim().slice(-SHOWN)
        const detail = ok ? 'ended with status 0' : said === '' ? reason : `${reason}: ${said}`
        return { probe: name, at, ok, ms, detail }
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        return { probe: name, at, ok: false, ms: 0, detail: `cannot be run: ${why}` }
      }
    },
  }
}
