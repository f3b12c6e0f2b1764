/** Hides secrets in what a job says. */
export interface Masks {
  add: (secret: string) => void
  /** The text with every secret replaced by `***`. */
  apply: (text: string) => string
}

/** Masks for the given secrets. Of a secret of several lines each line is hidden as well, since a log has only lines. */
export function createMasks(secrets: string[]): Masks {
  const hidden = new Set<string>()
  let pattern: RegExp | null = null
  const add = (secret: string) => {
    for (const part of [secret, ...secret.split(/\r?\n/)]) if (part.trim() !== '') hidden.add(part)
    // The longest first, so that a secret which contains another one is hidden whole.
    const parts = [...hidden].sort((one, other) => other.length - one.length).map(escapePattern)
    pattern = parts.length === 0 ? null : new RegExp(parts.join('|'), 'g')
  }
  for (const secret of secrets) add(secret)
  return { add, apply: (text) => (pattern === null ? text : text.replace(pattern, '***')) }
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
