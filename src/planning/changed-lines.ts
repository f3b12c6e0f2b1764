import type { Impact } from '../model/impact.ts'
import { readDiff } from './diff-files.ts'
import { areasOf } from './places.ts'

type Lines = { added: string[]; removed: string[] }

/** The added and removed lines of each changed file, by its new path. */
export type ChangedLines = Map<string, Lines>

/** A longer line is no code that anybody wrote. */
const longest = 2_000

/** Reads what git shows of a change. Diffs of later tasks come after those of earlier ones. */
export function changedLines(diffs: string[]): ChangedLines {
  const changed: ChangedLines = new Map()
  for (const diff of diffs) {
    const read = readDiff(diff)
    if (!read.ok) continue
    const lines = diff.split('\n')
    for (const { path, section } of read.files) {
      const known = changed.get(path) ?? { added: [], removed: [] }
      changed.set(path, known)
      let inHunk = false
      for (const line of lines.slice(...section)) {
        if (line.startsWith('@@ ')) inHunk = true
        else if (inHunk && line.startsWith('+')) known.added.push(line.slice(1, longest))
        else if (inHunk && line.startsWith('-')) known.removed.push(line.slice(1, longest))
      }
    }
  }
  return changed
}

/** Names by which programs and workflows are given secrets; values look otherwise and are not looked for here. */
const secretName =
  /\bsecrets\.([A-Za-z_]\w{0,99})|\b([A-Z][A-Z0-9_]{0,60}(?:SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIALS?|API_?KEY|PRIVATE_KEY|ACCESS_KEY)[A-Z0-9_]{0,60})\b/g

/** The secrets that changed lines name, by path; documents only tell of them. */
export function secretNames(changed: ChangedLines): Impact['secretNames'] {
  return [...changed]
    .map(([path, { added, removed }]) => {
      const found = [...added, ...removed].flatMap((line) =>
        Array.from(line.matchAll(secretName), ([, ofWorkflow, ofEnvironment]) => ofWorkflow ?? ofEnvironment ?? ''),
      )
      return { path, names: [...new Set(found)].sort().slice(0, 20) }
    })
    .filter(({ path, names }) => names.length > 0 && !areasOf(path).includes('documentation'))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
}

const declaration =
  /^\s*export\s+(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\s*\*?|class|const|let|var|interface|type|enum|namespace)\s+([\w$]+)/

/** The exported names whose line of declaration is another one now: by text, so what continues on further lines is not seen. */
export function redeclared(lines: Lines | undefined): string[] {
  if (lines === undefined) return []
  const namesIn = (of: string[]) => new Set(of.flatMap((line) => declaration.exec(line)?.[1] ?? []))
  return [...namesIn(lines.removed).intersection(namesIn(lines.added))]
}
