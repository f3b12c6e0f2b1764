import { matchesPattern, ownersPatterns, type Pattern } from './pattern.ts'

/** One rule of CODEOWNERS; without owners it takes ownership away. */
export type OwnersRule = { patterns: Pattern[]; owners: string[] }

/** GitHub ignores a CODEOWNERS file above 3 MB; a rule is a line. */
const mostRules = 5_000

/** Reads CODEOWNERS as GitHub does: lines it cannot use are left out, `\ ` is a space in a path. */
export function readOwners(text: string): OwnersRule[] {
  const rules: OwnersRule[] = []
  for (const line of text.split('\n')) {
    if (rules.length >= mostRules) break
    const words = line.trim().split(/(?<!\\)\s+/)
    const [pattern = '', ...rest] = words
    // Negation and ranges have no meaning in CODEOWNERS; a line that begins with # is a comment.
    if (pattern === '' || /^[#!]/.test(pattern) || /[[\]]/.test(pattern) || pattern.length > 500) continue
    const comment = rest.findIndex((word) => word.startsWith('#'))
    const owners = (comment < 0 ? rest : rest.slice(0, comment)).filter((word) => word.includes('@'))
    rules.push({ patterns: ownersPatterns(pattern), owners })
  }
  return rules
}

/** Everybody who owns one of the paths, sorted. For each path the last rule that matches counts. */
export function ownersOf(paths: string[], rules: OwnersRule[]): string[] {
  const owners = new Set<string>()
  for (const path of paths) {
    const rule = rules.findLast(({ patterns }) => patterns.some((pattern) => matchesPattern(pattern, path)))
    for (const owner of rule?.owners ?? []) owners.add(owner)
  }
  return [...owners].sort()
}
