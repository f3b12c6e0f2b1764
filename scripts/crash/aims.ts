import type { Aim, Reaper } from './reaper.ts'

/** How long after a moment the app is killed at most, ms. */
const LATER_MS = 400

/** Kills once at each of these kinds of writes, when GitHub has done it and the app does not know; what was met is taken out. */
export function atEachWrite(writes: Set<string>): Aim {
  return (moment) => (moment.what === 'write' && writes.delete(moment.key) ? 0 : null)
}

/**
 * Kills at any moment with this probability: at once, so that nothing that follows it is done, or a little later.
 * `most`: how often in all.
 */
export function anywhere(probability: number, most: number, reaper: Pick<Reaper, 'kills'>): Aim {
  const until = reaper.kills() + most
  return () => {
    if (reaper.kills() >= until || Math.random() > probability) return null
    return Math.random() < 0.5 ? 0 : Math.random() ** 2 * LATER_MS
  }
}
