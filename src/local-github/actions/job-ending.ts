/** How long the `always()` and `cancelled()` steps of a job have when it ends before its time, in milliseconds. */
const graceMs = 5000
/** The longest time a timer can wait for. */
const longestMs = 2 ** 31 - 1

export interface JobEnding {
  /** Aborted when the job shall end; `timedOut()` says why. */
  ending: AbortSignal
  /** Aborted when it must have ended. */
  ended: AbortSignal
  timedOut: () => boolean
  /** Stops the clocks. */
  clear: () => void
}

/** Watches over a job that ends when it is cancelled or out of time. */
export function watchJob(cancelled: AbortSignal, timeoutMinutes: number): JobEnding {
  const ending = new AbortController()
  const ended = new AbortController()
  const timers: NodeJS.Timeout[] = []
  let timedOut = false
  const end = () => {
    if (ending.signal.aborted) return
    timers.push(setTimeout(() => ended.abort(), graceMs))
    ending.abort()
  }
  timers.push(
    setTimeout(
      () => {
        timedOut = !ending.signal.aborted
        end()
      },
      Math.min(timeoutMinutes * 60_000, longestMs),
    ),
  )
  if (cancelled.aborted) end()
  else cancelled.addEventListener('abort', end)
  return {
    ending: ending.signal,
    ended: ended.signal,
    timedOut: () => timedOut,
    clear() {
      for (const timer of timers) clearTimeout(timer)
      cancelled.removeEventListener('abort', end)
    },
  }
}
