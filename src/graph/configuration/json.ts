/** Narrowing of parsed JSON of strangers: what has not the expected form counts as not there. */

export type JsonObject = { [key: string]: unknown }

export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
}

export function asString(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

export function asStrings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
