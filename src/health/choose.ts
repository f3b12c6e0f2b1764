import type { ProbeSetting } from '../config.ts'
import type { Probe } from './probe.ts'

/** Runs a command of a probe in the sandbox. */
export type ProbeExec = (
  command: string[],
  options: { timeoutMs: number; signal: AbortSignal },
) => Promise<{ ok: boolean; stdout: string; stderr: string; reason: string; ms: number }>

export function createProbes(_settings: ProbeSetting[], _exec: ProbeExec): Probe[] {
  throw new Error('not written yet')
}
