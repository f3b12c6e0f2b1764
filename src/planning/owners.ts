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

/** The paths that somebody owns, each with its owners. For each path the last rule that matches counts. */
export function ownersByPath(paths: string[], rules: OwnersRule[]): { path: string; owners: string[] }[] {
  return [...new Set(paths)].flatMap((path) => {
    const rule = rules.findLast(({ patterns }) => patterns.some((pattern) => matchesPattern(pattern, path)))
    return rule === undefined || rule.owners.length === 0 ? [] : [{ path, owners: rule.owners }]
  })
}

/** Everybody who owns one of the paths, sorted. */
export function ownersOf(paths: string[], rules: OwnersRule[]): string[] {
  return [...new Set(ownersByPath(paths, rules).flatMap(({ owners }) => owners))].sort()
}
