import type { Json } from '../model.ts'

/**
 * PostgreSQL keeps neither the character U+0000 nor half a surrogate pair, and both come in from strangers' texts and from
 * programs' output. They are replaced by U+FFFD rather than refused: an update must not fail over a stray byte.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

/** The same for every string and key of a JSON value. */
export function storable(value: Json): Json {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [storableText(key), storable(entry)]))
}
