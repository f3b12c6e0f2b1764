import { evaluateCondition, ExpressionFault } from './expression.ts'
import type { Scope } from './expression.ts'
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
    run.stopping.abort()
    job.host.signalStep('SIGINT')
    timers.push(setTimeout(() => job.host.signalStep('SIGTERM'), termAfterMs))
    timers.push(setTimeout(() => job.host.signalStep('SIGKILL'), killAfterMs))
  }
  // The job's listener came first, so that the status is `cancelled` by now.
  const cancel = () => {
    if (!holds(step.condition, stepScope(job, env))) end('cancelled')
  }
  const cut = () => end('cancelled')
  if (minutes !== null) timers.push(setTimeout(() => end('time'), Math.min(minutes * 60_000, longestMs)))
  if (job.ending.aborted) cancel()
  else job.ending.addEventListener('abort', cancel)
  job.ended.addEventListener('abort', cut)
  try {
    const result = run.stopping.signal.aborted ? null : await work()
    return why === null && result !== null ? { why: 'itself', result } : { why: why ?? 'cancelled' }
  } finally {
    for (const timer of timers) clearTimeout(timer)
    job.ending.removeEventListener('abort', cancel)
    job.ended.removeEventListener('abort', cut)
  }
}

/** Whether a condition is true; one that cannot be evaluated any more is not. */
function holds(condition: string | null, scope: Scope): boolean {
  try {
    return evaluateCondition(condition, scope)
  } catch (error) {
    if (error instanceof ExpressionFault) return false
    throw error
  }
}
