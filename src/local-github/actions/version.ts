export interface Version {
  /** As the program writes it: `v20.11.1`. */
  text: string
  numbers: number[]
}

/** The first thing in a text that looks like a version, or null. */
export function versionIn(text: string): Version | null {
  const found = /v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text)
  if (found === null) return null
  const [whole, ...parts] = found
  return { text: whole, numbers: parts.filter((part) => part !== undefined).map(Number) }
}

/**
 * Whether a version is what a workflow asks for: `20`, `20.x`, `^20.1`, `>=18`, `18 || 20`, `3.10 - 3.12` is read by its first
 * number only. Words such as `lts/*`, `latest` or `stable` are content with any.
 */
export function isWanted(version: number[], wanted: string): boolean {
  return wanted.split('||').some((choice) => {
    const parts = choice.trim().split(/\s+/)
    return parts.every((part) => isWithin(version, part))
  })
}

function isWithin(version: number[], part: string): boolean {
  const found = /^([~^]|[<>]=?|=)?v?(\d[\d.]*)/.exec(part)
  if (found === null) return true
  const [, operator = '', digits = ''] = found
  const bound = digits.split('.').filter(Boolean).map(Number)
  const order = compare(version, bound)
  if (operator === '>') return order > 0
  if (operator === '>=') return order >= 0
  if (operator === '<') return order < 0
  if (operator === '<=') return order <= 0
  if (operator === '^') return order >= 0 && version[0] === bound[0]
  if (operator === '~') return order >= 0 && compare(version, bound.slice(0, 2)) === 0
  return order === 0
}

/** Compares as many numbers as the bound has: 20.3.1 is equal to 20. */
function compare(version: number[], bound: number[]): number {
  for (const [index, number] of bound.entries()) {
    const difference = (version[index] ?? 0) - number
    if (difference !== 0) return difference
  }
  return 0
}
