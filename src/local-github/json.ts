import type { Json, JsonObject } from './contract.ts'

/*
 * Reading fields of a body that already fits its description: each gives the value or undefined where it is absent, null
 * counting as absent. To tell null from absent, look at the body itself.
 */

type Field = Json | undefined

export const text = (value: Field): string | undefined => (typeof value === 'string' ? value : undefined)

export const number = (value: Field): number | undefined => (typeof value === 'number' ? value : undefined)

export const flag = (value: Field): boolean | undefined => (typeof value === 'boolean' ? value : undefined)

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const object = (value: Field): JsonObject | undefined => (isObject(value) ? value : undefined)

export const list = (value: Field): Json[] | undefined => (Array.isArray(value) ? value : undefined)

/** The strings of an array. */
export const texts = (value: Field): string[] | undefined =>
  list(value)?.filter((item): item is string => typeof item === 'string')
