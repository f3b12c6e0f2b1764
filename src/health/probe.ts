import type { ProbeSample } from '../model.ts'

/** Asks one question about the running service. Never throws for an unhealthy service: that is a sample with `ok: false`. */
export type Probe = { name: string; sample(at: string, signal: AbortSignal): Promise<ProbeSample> }
