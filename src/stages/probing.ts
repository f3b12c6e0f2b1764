import type { Probe } from '../health/probe.ts'
import type { ProbeSample } from '../model.ts'

/** Probes bound themselves by their own time; this bounds one that does not. */
const LONGEST_MS = 60_000

/** One sample of each probe, taken at once. */
export function sampleAll(probes: Probe[]): Promise<ProbeSample[]> {
  const at = new Date().toISOString()
  const signal = AbortSignal.timeout(LONGEST_MS)
  return Promise.all(probes.map((probe) => probe.sample(at, signal)))
}
