import type { Census } from './census.ts'

/** How a story that was killed differs from one that was not. */
export type Difference = { doubled: string[]; missing: string[]; other: string[] }

/** Holds a census against that of a clean run. What is there more often than it should be was done twice. */
export function compare(clean: Census, killed: Census): Difference {
  const [expected, found] = [counted(clean), counted(killed)]
  const difference: Difference = { doubled: [], missing: [], other: [] }
  for (const line of new Set([...clean, ...killed])) {
    const [was, is] = [expected.get(line) ?? 0, found.get(line) ?? 0]
    if (is > was) (was === 0 ? difference.other : difference.doubled).push(line)
    if (is < was) difference.missing.push(line)
  }
  return difference
}

function counted(lines: Census): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}

/** What is there twice, of what a whole story leaves once. */
export function repeated(found: Census): string[] {
  return [...counted(found)].filter(([, times]) => times > 1).map(([line]) => line)
}
