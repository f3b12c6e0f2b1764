const units: [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
]

/** A duration in ms for people, in the largest unit that keeps it readable: `90 s`, `10 min`, `36 h`, `7 d`. */
export function inWords(ms: number): string {
  for (const [unit, size] of units) {
    if (ms >= 2 * size || (ms >= size && ms % size === 0)) return `${Math.round(ms / size)} ${unit}`
  }
  return ms >= 1_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms)} ms`
}

/** The value that a share of the samples does not exceed (nearest rank). Throws on no samples. */
export function quantile(samples: number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other)
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (value === undefined) throw new Error('No samples have no quantile.')
  return value
}
