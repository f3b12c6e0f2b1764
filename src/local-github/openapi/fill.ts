import type { Json, JsonObject } from '../contract.ts'
import { isObject } from '../json.ts'
import type { Schema } from './description.ts'

/** A required field that identifies something was not given. Filling it would hide a fault, so this is a bug. */
export class MissingIdentity extends Error {
  override name = 'MissingIdentity'
}

const IDENTITY = new Set(['sha', 'head_sha', 'number', 'ref', 'login', 'state'])
// Descriptions refer to themselves; what is nested deeper than this is not required of anybody.
const DEPTH = 14

type Value = Json | undefined

/**
 * Makes a function that completes a partial value so that it fits a schema: only required gaps are filled, with null
 * where it is allowed, else with the plainest value of the type. `schemas` are the description's components; `url` goes
 * where a required address was left out.
 */
export function createFill(schemas: Record<string, Schema>, url: string): (schema: Schema, value: Value) => Json {
  function resolve(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema
    const found = schemas[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)]
    if (found === undefined) throw new Error(`the description lacks ${schema.$ref}`)
    return resolve(found)
  }

  const typesOf = (schema: Schema): string[] => [schema.type ?? (schema.properties ? 'object' : [])].flat()
  const allowsNull = (schema: Schema): boolean => {
    const { enum: values, anyOf, oneOf, ...own } = resolve(schema)
    return typesOf(own).includes('null') || values?.includes(null) === true || (anyOf ?? oneOf ?? []).some(allowsNull)
  }

  /** The alternative that fits best: of the value's type, and with most of the value's fields. */
  function choose(alternatives: Schema[], value: Json): Schema | undefined {
    const type = Array.isArray(value) ? 'array' : typeof value
    const fitting = alternatives.filter((each) => {
      const types = typesOf(resolve(each))
      return types.length === 0 || types.some((name) => name === type || (name === 'integer' && type === 'number'))
    })
    if (!isObject(value)) return fitting[0]
    const score = (each: Schema): number => {
      const { properties, required = [], allOf } = resolve(each)
      const known = Object.keys(value).filter((key) => allOf !== undefined || properties?.[key] !== undefined).length
      return known - required.filter((key) => !(key in value)).length / 100
    }
    return fitting.toSorted((one, other) => score(other) - score(one))[0]
  }

  function fillObject(schema: Schema, value: Value, depth: number): JsonObject {
    const given = isObject(value) ? value : {}
    const filled: JsonObject = { ...given }
    for (const key of new Set([...(schema.required ?? []), ...Object.keys(given)])) {
      const property = schema.properties?.[key]
      if (property !== undefined) filled[key] = fill(property, given[key], key, depth + 1)
      else if (!(key in filled)) filled[key] = null
    }
    return filled
  }

  function missing(schema: Schema, type: string | undefined, key: string): Json {
    if (schema.enum?.length !== 1 && IDENTITY.has(key)) {
      throw new MissingIdentity(`an answer or webhook lacks '${key}', which must be given and not made up`)
    }
    if (schema.const !== undefined) return schema.const
    if (schema.enum !== undefined) return schema.enum[0] ?? null
    if (type === 'integer' || type === 'number') return schema.minimum ?? 0
    if (type === 'boolean') return false
    if (type !== 'string') return null
    if (schema.format === 'date-time') return new Date().toISOString()
    if (schema.format === 'date') return new Date().toISOString().slice(0, 10)
    if (schema.format === 'uri' || schema.format === 'uri-template' || /(^|_)url$/.test(key)) return url
    if (schema.format === 'email') return 'noreply@localhost.invalid'
    return schema.pattern === undefined ? ' '.repeat(schema.minLength ?? 0) : '0'.repeat(40)
  }

  function fill(reference: Schema, value: Value, key: string, depth: number): Json {
    const schema = resolve(reference)
    if (depth > DEPTH) return value ?? null
    const alternatives = schema.anyOf ?? schema.oneOf
    if (value === null) return null
    if (value === undefined && allowsNull(schema)) return null
    if (alternatives !== undefined && schema.properties === undefined) {
      const chosen = value === undefined ? alternatives[0] : choose(alternatives, value)
      return chosen === undefined ? (value ?? null) : fill(chosen, value, key, depth + 1)
    }
    if (schema.allOf !== undefined) {
      return schema.allOf.reduce<Value>((so, each) => fill(each, so, key, depth + 1), value) ?? null
    }
    const type = typesOf(schema).find((name) => name !== 'null')
    if (type === 'object' && (value === undefined || isObject(value))) return fillObject(schema, value, depth)
    if (type === 'array' && (value === undefined || Array.isArray(value))) {
      const items = value ?? Array.from({ length: schema.minItems ?? 0 }, () => undefined)
      const { items: each } = schema
      return each === undefined ? (value ?? []) : items.map((item) => fill(each, item, key, depth + 1))
    }
    return value ?? missing(schema, type, key)
  }

  return (schema, value) => fill(schema, value, '', 0)
}
