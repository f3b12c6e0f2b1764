import { z } from 'zod'

const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/
const MILLISECONDS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
/** GitHub keeps nothing that long, and a timer of more is surely a slip. */
const LONGEST = 365 * 86_400_000

const SIZE = /^(\d{1,9})(B|KB|MB|GB|TB)$/
const BYTES: Record<string, number> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 }

const PERCENTAGE = /^(\d{1,4}(?:\.\d{1,3})?)%$/

/** `15s`, `10m`, `7d` in milliseconds, or null when the text is none. Units: ms, s, m, h, d. */
export function parseDuration(text: string): number | null {
  const [, amount, unit] = DURATION.exec(text.trim()) ?? []
  const factor = MILLISECONDS[unit ?? '']
  if (amount === undefined || factor === undefined) return null
  const value = Number(amount) * factor
  return value <= LONGEST ? value : null
}

/** `256MB` in bytes, or null. A KB is 1024 B. */
export function parseSize(text: string): number | null {
  const [, amount, unit] = SIZE.exec(text.trim()) ?? []
  const factor = BYTES[unit ?? '']
  return amount === undefined || factor === undefined ? null : Number(amount) * factor
}

/** `20%` as the fraction 0.2, or null. */
export function parsePercentage(text: string): number | null {
  const [, amount] = PERCENTAGE.exec(text.trim()) ?? []
  return amount === undefined ? null : Number(amount) / 100
}

/** A setting written as text and used as a number, with one sentence for whatever is not such a text. */
function written(parse: (text: string) => number | null, message: string) {
  return z.string({ error: message }).transform((text, context) => {
    const value = parse(text)
    if (value !== null) return value
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
}

export const Duration = written(parseDuration, 'must be a duration such as 15s, 10m or 7d, of at most 365d')
export const Size = written(parseSize, 'must be a size such as 256MB or 1GB')
export const Percentage = written(parsePercentage, 'must be a percentage such as 20%')
