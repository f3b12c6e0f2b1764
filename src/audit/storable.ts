import type { Json } from '../model.ts'
import { storableText } from '../model/storable-text.ts'

/** A JSON value whose strings and keys can all be kept. */
export function storable(value: Json): Json {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [storableText(key), storable(entry)]))
}
