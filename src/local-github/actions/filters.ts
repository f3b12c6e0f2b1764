import { matchesPattern } from './pattern.ts'
import type { PatternFilter } from './workflow.ts'

/** Whether a branch or tag passes a filter; a filter that is not there lets everything pass. */
export function passesName(filter: PatternFilter | null, name: string): boolean {
  if (filter === null) return true
  return isChosen(filter.patterns, name) !== filter.ignore
}

/**
 * Whether changed files pass a filter: one of them must be chosen, or for `paths-ignore` one must not be ignored. Null
 * files, which nobody could list, pass; no files at all do not.
 */
export function passesPaths(filter: PatternFilter | null, files: string[] | null): boolean {
  if (filter === null || files === null) return true
  return files.some((file) => isChosen(filter.patterns, file) !== filter.ignore)
}

/** The last pattern that fits decides; `!` before it takes back. */
function isChosen(patterns: string[], name: string): boolean {
  return patterns.reduce((chosen, pattern) => {
    const takesBack = pattern.startsWith('!')
    return matchesPattern(takesBack ? pattern.slice(1) : pattern, name) ? !takesBack : chosen
  }, false)
}
