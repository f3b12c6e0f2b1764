import { setTimeout as sleep } from 'node:timers/promises'

/** How often something is looked at that nobody tells of, ms. */
const LOOK_MS = 40

/** Looks until there is something to see. The test's own time-out bounds it. */
export async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const seen = await look()
    if (seen !== null && seen !== undefined && seen !== false) return seen
    await sleep(LOOK_MS)
  }
}
