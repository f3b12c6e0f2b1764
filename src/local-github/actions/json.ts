import type { Json, JsonObject } from './contract.ts'

/** Whether a value is a mapping: neither a list nor null. */
export function isMapping(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The mapping at a key, or an empty one. */
export function mappingAt(value: Json | undefined, key: string): JsonObject {
  const inner = isMapping(value) ? value[key] : undefined
  return isMapping(inner) ? inner : {}
}

/** The text at a key, or an empty one. */
export function textAt(value: Json | undefined, key: string): string {
  const inner = isMapping(value) ? value[key] : undefined
  return typeof inner === 'string' ? inner : ''
}

/** A scalar as an expression turns it into text: nothing for null, and numbers without needless zeros. */
export function scalarText(value: Json | undefined): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return 'Array'
  if (typeof value === 'object') return 'Object'
  return String(value)
}
