/** A place that was taken; giving it back twice counts once. */
export type Release = () => void

/** Bounds how many jobs run at once; who came first goes first. */
export interface Slots {
  /** Resolves with the release of a place, or with null when the signal is aborted before. */
  take: (signal: AbortSignal) => Promise<Release | null>
}

/** `count` places. */
export function createSlots(count: number): Slots {
  let free = count
  const waiting = new Set<() => void>()
  const once = (): Release => {
    let held = true
    return () => {
      if (!held) return
      held = false
      const [next] = waiting
      if (next === undefined) free += 1
      else next()
    }
  }
  return {
    async take(signal) {
      if (signal.aborted) return null
      if (free > 0) {
        free -= 1
        return once()
      }
      return new Promise((resolve) => {
        const proceed = () => settle(once())
        const giveUp = () => settle(null)
        const settle = (release: Release | null) => {
          waiting.delete(proceed)
          signal.removeEventListener('abort', giveUp)
          resolve(release)
        }
        waiting.add(proceed)
        signal.addEventListener('abort', giveUp)
      })
    },
  }
}
