import { asObject } from '../configuration/json.ts'
import type { JsonObject } from '../configuration/json.ts'

/** Conditions whose target is what runs; others are looked at after them, declarations last. */
const preferred = ['import', 'module', 'require', 'default', 'node', 'browser']
const last = ['types', 'typings']

/**
 * Where an `exports` map leads for a subpath (`.` or `./x`), the likeliest target first: all conditions are followed,
 * because the map cannot know which hold. Source: nodejs.org/api/packages.html, "package entry points".
 */
export function exportTargets(exports: unknown, subpath: string): string[] {
  const map = asObject(exports)
  const keyed = map !== null && Object.keys(map).some((key) => key.startsWith('.'))
  if (!keyed) return subpath === '.' ? conditionTargets(exports) : []
  return matchTargets(map, subpath)
}

/** Where an `imports` map leads for a specifier that begins with `#`. */
export function importTargets(imports: JsonObject, specifier: string): string[] {
  return matchTargets(imports, specifier)
}

/** Every target of an `exports` map that has no pattern in it. */
export function plainTargets(exports: unknown): string[] {
  const map = asObject(exports)
  const keyed = map !== null && Object.keys(map).some((key) => key.startsWith('.'))
  const targets = keyed ? Object.values(map).flatMap(conditionTargets) : conditionTargets(exports)
  return targets.filter((target) => !target.includes('*'))
}

function matchTargets(map: JsonObject, name: string): string[] {
  if (Object.hasOwn(map, name) && !name.includes('*')) return conditionTargets(map[name])
  const found = bestPattern(Object.keys(map), name)
  if (found === null) return []
  return conditionTargets(map[found.pattern]).map((target) =>
    target.endsWith('/') ? target + found.matched : target.replaceAll('*', () => found.matched),
  )
}

/** The pattern with the longest part before its `*`; a trailing slash is the old way to write a pattern. */
export function bestPattern(patterns: string[], name: string): { pattern: string; matched: string } | null {
  let best: { pattern: string; matched: string; length: number } | null = null
  for (const pattern of patterns) {
    const star = pattern.endsWith('/') ? pattern.length : pattern.indexOf('*')
    if (star < 0) continue
    const after = pattern.slice(star + 1)
    if (!name.startsWith(pattern.slice(0, star)) || !name.endsWith(after)) continue
    if (name.length < star + after.length || (best !== null && best.length >= star)) continue
    best = { pattern, matched: name.slice(star, name.length - after.length), length: star }
  }
  return best
}

function conditionTargets(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value]
  if (depth > 20) return []
  if (Array.isArray(value)) return value.flatMap((item) => conditionTargets(item, depth + 1))
  const map = asObject(value)
  if (map === null) return []
  const keys = Object.keys(map)
  const sorted = [
    ...preferred.filter((key) => Object.hasOwn(map, key)),
    ...keys.filter((key) => !preferred.includes(key) && !last.includes(key)),
    ...keys.filter((key) => last.includes(key)),
  ]
  return sorted.flatMap((key) => conditionTargets(map[key], depth + 1))
}
