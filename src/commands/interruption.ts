import { once } from 'node:events'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Waits for the first signal that asks this process to end. One that comes after it ends the process at once, as ever. */
export async function toldToStop(): Promise<void> {
  await orInterrupted(new Promise<never>(() => {}))
}

/**
 * What the work comes to, or `null` when a signal asks this process to end before: then what the work still does, or breaks
 * over, is no news, and the caller cleans up.
 */
export async function orInterrupted<T extends object>(work: Promise<T>): Promise<T | null> {
  const over = new AbortController()
  const told = Promise.race(SIGNALS.map((name) => once(process, name, { signal: over.signal })))
  told.catch(() => {})
  work.catch(() => {})
  try {
    return await Promise.race([work, told.then(() => null)])
  } finally {
    over.abort()
  }
}
