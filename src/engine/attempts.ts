/** What one attempt of a step is told: the how manieth it is, from 1, and a signal that fires at its time-out. */
export type Attempt = { attempt: number; signal: AbortSignal }

export type StepOptions = {
  /** How often it is tried in all. Default 3. */
  attempts?: number
  /** Pause before the second attempt. Default 2. */
  intervalSeconds?: number
  /** Factor by which each further pause grows, up to 60 s. Default 2. */
  backoff?: number
  /** Longest time of one attempt. Default: none. */
  timeoutMs?: number
  /** Whether the error of this attempt is worth another one. Default: every one is. */
  shouldRetry?: (error: unknown, attempt: number) => boolean
}

const LONGEST_PAUSE_MS = 60_000

export class StepTimeout extends Error {
  override name = 'StepTimeout'
}

/**
 * Tries until it succeeds, the attempts are used up, or an error is not worth another; throws the last error as it was.
 * `pause` sleeps between two attempts; `failed` hears of each error.
 */
export async function withAttempts<T>(
  name: string,
  run: (attempt: Attempt) => Promise<T>,
  { attempts = 3, intervalSeconds = 2, backoff = 2, timeoutMs, shouldRetry = () => true }: StepOptions,
  pause: (ms: number) => Promise<void>,
  failed: (error: unknown, attempt: number) => void,
): Promise<T> {
  for (let attempt = 1, ms = intervalSeconds * 1000; ; attempt++, ms *= backoff) {
    try {
      return await oneAttempt(name, run, attempt, timeoutMs)
    } catch (error) {
      failed(error, attempt)
      if (attempt >= attempts || !shouldRetry(error, attempt)) throw error
    }
    await pause(Math.min(ms, LONGEST_PAUSE_MS))
  }
}

async function oneAttempt<T>(
  name: string,
  run: (attempt: Attempt) => Promise<T>,
  attempt: number,
  timeoutMs: number | undefined,
): Promise<T> {
  const timeout = new AbortController()
  if (timeoutMs === undefined) return run({ attempt, signal: timeout.signal })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new StepTimeout(`The step "${name}" took longer than ${timeoutMs} ms.`)
      timeout.abort(error)
      reject(error)
    }, timeoutMs)
  })
  try {
    return await Promise.race([run({ attempt, signal: timeout.signal }), late])
  } finally {
    clearTimeout(timer)
  }
}
