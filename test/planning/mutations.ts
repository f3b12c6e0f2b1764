import fc from 'fast-check'
import type { Json } from '../../src/model.ts'

type Place = (string | number)[]

/** Every value inside a JSON value that can be changed by itself: leaves, and lists that have something in them. */
function places(value: Json, at: Place = []): Place[] {
  if (Array.isArray(value))
    return [...(value.length > 0 ? [at] : []), ...value.flatMap((item, index) => places(item, [...at, index]))]
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => places(item, [...at, key]))
  }
  return [at]
}

function changed(value: Json, at: Place): Json {
  const [key, ...rest] = at
  if (key === undefined) {
    // The last item once more: it keeps the shape of the list.
    if (Array.isArray(value)) return [...value, ...value.slice(-1)]
    if (typeof value === 'number') return value + 1
    if (typeof value === 'boolean') return !value
    return value === null ? 'something' : `${JSON.stringify(value)} moved`
  }
  const copy: Json = structuredClone(value)
  if (typeof copy !== 'object' || copy === null) throw new Error('A place leads through lists and objects.')
  const inside = copy as Record<string | number, Json>
  inside[key] = changed(inside[key] ?? null, rest)
  return copy
}

/** One value of `whole` changed; `place` is its path, joined with dots. */
export function mutationOf<T>(whole: T): fc.Arbitrary<{ place: string; mutated: T }> {
  const json: Json = JSON.parse(JSON.stringify(whole))
  return fc.constantFrom(...places(json)).map((at) => ({ place: at.join('.'), mutated: changed(json, at) as T }))
}
