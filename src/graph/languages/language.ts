import type { DependencyKind } from '../dependency-map.ts'

/** Where a language puts what one of its files needs. */
export type Links = {
  /** Files of the repository; the file itself among them is no edge. */
  add(kind: DependencyKind, paths: string[]): void
  /** A package from outside, which is counted. */
  external(name: string): void
  unresolved(specifier: string, kind: DependencyKind): void
  /** The file could not be read wholly. */
  unparsed(why: string): void
}

/** What a language knows of a whole tree. */
export type Language<Reading> = {
  connect(path: string, reading: Reading, links: Links): void
  /** Where the programs and libraries of the repository begin. */
  entryPoints(): string[]
}

/** A hostile file may name any number of others; no real one names more. */
export const mostReferences = 5_000

/** A package of more files is stood for by one of them: edges to each from everywhere would be too many. */
export const mostFilesOfPackage = 200

/** A copy in its real encoding: sources are scanned in Latin-1, and a mere slice would keep the whole source in memory. */
export function decode(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8')
}

/** Of equal names in several places the nearest counts: the one that shares the most directories with the file. */
export function nearest(candidates: string[], from: string): string | null {
  let best: string | null = null
  let most = -1
  for (const candidate of candidates) {
    const shared = sharedDirectories(candidate, from)
    if (shared < most || (shared === most && best !== null && best.length <= candidate.length)) continue
    best = candidate
    most = shared
  }
  return best
}

function sharedDirectories(a: string, b: string): number {
  let shared = 0
  for (let at = 0; at < a.length && a[at] === b[at]; at++) {
    if (a[at] === '/') shared++
  }
  return shared
}

/** What tests keep as examples is no part of what the repository builds. */
const example = /(^|\/)_{0,2}(?:fixtures?|testdata|test-data|snapshots)_{0,2}\//

export function isExample(path: string): boolean {
  return example.test(`${path}/`)
}
