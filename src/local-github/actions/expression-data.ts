import { data } from '@actions/expressions'

import type { Json, JsonObject } from './contract.ts'

export type ExpressionData = data.ExpressionData

/** A plain value as the expression library wants it. */
export function toData(value: Json): ExpressionData {
  if (value === null) return new data.Null()
  if (typeof value === 'string') return new data.StringData(value)
  if (typeof value === 'number') return new data.NumberData(value)
  if (typeof value === 'boolean') return new data.BooleanData(value)
  if (Array.isArray(value)) return new data.Array(...value.map(toData))
  return new data.Dictionary(...Object.entries(value).map(([key, inner]) => ({ key, value: toData(inner) })))
}

/** The plain value behind the library's. */
export function fromData(value: ExpressionData): Json {
  switch (value.kind) {
    case data.Kind.String:
    case data.Kind.Number:
    case data.Kind.Boolean:
      return value.value
    case data.Kind.Array:
      return value.values().map(fromData)
    case data.Kind.Dictionary: {
      const plain: JsonObject = {}
      for (const pair of value.pairs()) plain[pair.key] = fromData(pair.value)
      return plain
    }
    default:
      return null
  }
}
