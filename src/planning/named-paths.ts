import { checkPath } from './paths.ts'

/** Looks paths up by how they end. Made once for a tree. */
export type PathIndex = { has(path: string): boolean; endingIn(written: string): string[] }

export function indexPaths(paths: string[]): PathIndex {
  const all = new Set(paths)
  const byName = new Map<string, string[]>()
  for (const path of paths) {
    const name = lastName(path)
    const same = byName.get(name)
    if (same === undefined) byName.set(name, [path])
    else same.push(path)
  }
  return {
    has: (path) => all.has(path),
    endingIn: (written) => {
      const end = `/${written}`.toLowerCase()
      return (byName.get(lastName(written)) ?? []).filter((path) => `/${path}`.toLowerCase().endsWith(end))
    },
  }
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase()
}

/** A path that prose names between backticks, and what it can mean in the tree. */
export type NamedPath = { written: string; meant: string[] }

/** More than anybody names; a hostile text names its own length of them. */
const mostNamed = 200

/**
 * The files that prose names between backticks. What is no path, or names nothing in the tree (a symbol, a file yet to be
 * made), is left out; a name that several files end in keeps them all.
 */
export function namedPaths(words: string, index: PathIndex): NamedPath[] {
  const found = new Map<string, NamedPath>()
  for (const match of words.matchAll(/`([^`\s]{1,300})`/g)) {
    if (found.size >= mostNamed) break
    const written = (match[1] ?? '').replace(/(:\d+)+$/, '')
    const path = /[./]/.test(written) ? checkPath(written) : null
    if (path === null || !path.ok || found.has(path.path)) continue
    const meant = index.has(path.path) ? [path.path] : index.endingIn(path.path)
    if (meant.length > 0) found.set(path.path, { written: path.path, meant })
  }
  return [...found.values()]
}
