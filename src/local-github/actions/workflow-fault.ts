import type { Json, JsonObject } from './contract.ts'
import { isMapping } from './json.ts'

/** Where in a workflow file: keys and indices from the top. */
export type Place = readonly (string | number)[]

/** A workflow file breaks a rule at a place. */
export class WorkflowFault extends Error {
  override name = 'WorkflowFault'
  readonly place: Place

  constructor(place: Place, message: string) {
    super(message)
    this.place = place
  }
}

/** The value as a mapping with no keys but the allowed ones. A missing value is an empty mapping. */
export function readMapping(value: Json | undefined, place: Place, allowed: readonly string[] | null): JsonObject {
  if (value === undefined || value === null) return {}
  if (!isMapping(value)) throw new WorkflowFault(place, 'A mapping was expected')
  for (const key of Object.keys(value)) {
    if (allowed !== null && !allowed.includes(key))
      throw new WorkflowFault([...place, key], `Unexpected value '${key}'`)
  }
  return value
}

/** The value as text, which any scalar has; null when it is missing. */
export function readText(value: Json | undefined, place: Place): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'object') throw new WorkflowFault(place, 'A text was expected')
  return String(value)
}

/** A text or a list of texts, as a list; null when it is missing. */
export function readTexts(value: Json | undefined, place: Place): string[] | null {
  if (value === undefined || value === null) return null
  if (!Array.isArray(value)) return [readText(value, place) ?? '']
  return value.map((inner, index) => readText(inner, [...place, index]) ?? '')
}
