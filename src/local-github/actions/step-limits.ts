import { evaluateCondition } from './expression.ts'
import { stepScope } from './job-runtime.ts'
import type { StepResult, StepRun } from './step-run.ts'

/** A step's program gets SIGINT first, SIGTERM and SIGKILL after these times, in milliseconds. */
const termAfterMs = 2000
const killAfterMs = 3000
/** The longest time a timer can wait for. */
const longestMs = 2 ** 31 - 1

export type Ended = { why: 'itself'; result: StepResult } | { why: 'time' | 'cancelled' }

/**
 * Does a step's work within its time, and ends it when the job ends, unless its condition holds even then, as that of
 * an `always()` step does.
 */
export async function withStepLimits(
  run: StepRun,
  minutes: number | null,
  work: () => Promise<StepResult>,
): Promise<Ended> {
  const { job, step, env } = run
  const timers: NodeJS.Timeout[] = []
  let why: 'time' | 'cancelled' | null = null
  const end = (reason: 'time' | 'cancelled') => {
    if (why !== null) return
    why = reason
    job.host.signalStep('SIGINT')
    timers.push(setTimeout(() => job.host.signalStep('SIGTERM'), termAfterMs))
    timers.push(setTimeout(() => job.host.signalStep('SIGKILL'), killAfterMs))
  }
  // The job's listener came first, so that the status is `cancelled` by now.
  const cancel = () => {
    if (!evaluateCondition(step.condition, stepScope(job, env))) end('cancelled')
  }
  const cut = () => end('cancelled')
  if (minutes !== null) timers.push(setTimeout(() => end('time'), Math.min(minutes * 60_000, longestMs)))
  const startedBefore = !job.ending.aborted
  if (startedBefore) job.ending.addEventListener('abort', cancel)
  job.ended.addEventListener('abort', cut)
  try {
    const result = await work()
    return why === null ? { why: 'itself', result } : { why }
  } finally {
    for (const timer of timers) clearTimeout(timer)
    job.ending.removeEventListener('abort', cancel)
    job.ended.removeEventListener('abort', cut)
  }
}
