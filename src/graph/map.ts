import { join } from 'node:path'

import type { Dependency } from '../model.ts'
import type { DependencyMap, Unresolved } from './dependency-map.ts'
import { edgesOf } from './edges.ts'
import { createParsers } from './javascript/parsers.ts'
import { exportsAt } from './exports-at.ts'
import { readWanted } from './read.ts'
import type { Wanted } from './read.ts'
import { readerOf } from './reading.ts'
import type { Reading } from './reading.ts'
import { listTree, nameCommit } from './repository/tree.ts'
import type { TreeEntry } from './repository/tree.ts'
import { openStore } from './store.ts'
import { createWorld, entryPointsOf } from './world.ts'

export type { DependencyMap, Unresolved } from './dependency-map.ts'

/**
 * Reads dependency maps from bare repositories: no checkout, no installation, none of the repository's code runs.
 * Readings are kept by blob id in memory for the repositories seen last, and in `cacheDir` where one is given.
 */
export type Mapper = {
  /**
   * `repository` is the path of a bare repository or a `.git` directory, `commit` anything that names a commit.
   * @throws when git fails (no such repository or commit) or the signal aborts
   */
  map(repository: string, commit: string, signal?: AbortSignal): Promise<DependencyMap>
  /**
   * Names that JavaScript and TypeScript files export, sorted; `default` is one, `* from './x'` stands for a star
   * re-export. A path that the commit lacks, or that is no such file or cannot be parsed, is absent.
   * @throws as `map` does
   */
  exportsOf(repository: string, commit: string, paths: string[], signal?: AbortSignal): Promise<Map<string, string[]>>
  /** Ends the parser processes and closes the cache; maps still being made fail. */
  close(): Promise<void>
}

export type MapperOptions = {
  /** A directory of the mapper's own; made when missing, safe to delete, safe to share between processes. */
  cacheDir?: string
}

/** So many repositories' readings stay in memory. */
const mostRemembered = 8

export function createMapper({ cacheDir }: MapperOptions = {}): Mapper {
  const parsers = createParsers(cacheDir && join(cacheDir, 'code'))
  const store = cacheDir === undefined ? null : openStore(cacheDir)
  const remembered = new Map<string, Map<string, Reading>>()

  const read = async (repository: string, entries: TreeEntry[], signal?: AbortSignal) => {
    const before = remembered.get(repository)
    const known = new Map<string, Reading>()
    const wanted = new Map<string, Wanted>()
    const keys: (string | null)[] = []
    for (const entry of entries) {
      const reader = readerOf(entry)
      const key = reader && `${entry.id} ${reader}`
      keys.push(key)
      if (key === null || reader === null) continue
      const reading = before?.get(key)
      if (reading !== undefined) known.set(key, reading)
      else wanted.set(key, { key, id: entry.id, reader, size: entry.size })
    }
    for (const [key, reading] of store?.get([...wanted.keys()]) ?? []) {
      known.set(key, reading)
      wanted.delete(key)
    }
    const fresh = await readWanted(repository, [...wanted.values()], parsers, signal)
    store?.put(fresh)
    for (const [key, reading] of fresh) known.set(key, reading)
    remembered.delete(repository)
    remembered.set(repository, known)
    for (const oldest of remembered.keys()) {
      if (remembered.size > mostRemembered) remembered.delete(oldest)
    }
    const readings = new Map<string, Reading>()
    entries.forEach((entry, place) => {
      const reading = known.get(keys[place] ?? '')
      if (reading !== undefined) readings.set(entry.path, reading)
    })
    return readings
  }

  return {
    map: async (repository, commit, signal) => {
      if (!remembered.has(repository)) parsers.warm()
      const name = await nameCommit(repository, commit, signal)
      const entries = await listTree(repository, name, signal)
      const files = entries.map(({ path }) => path)
      const readings = await read(repository, entries, signal)
      const world = createWorld(files, readings)
      const dependencies: Dependency[] = []
      const unresolved: Unresolved[] = []
      const external = new Set<string>()
      for (const [from, reading] of readings) {
        const edges = edgesOf(from, reading, world)
        for (const [to, kind] of edges.to) dependencies.push({ from, to, kind })
        unresolved.push(...edges.unresolved)
        for (const each of edges.external) external.add(each)
      }
      return {
        commit: name,
        files,
        dependencies: dependencies.toSorted((a, b) => compare(a.from, b.from) || compare(a.to, b.to)),
        unresolved: unresolved.toSorted((a, b) => compare(a.from, b.from) || compare(a.specifier, b.specifier)),
        external: external.size,
        entryPoints: entryPointsOf(world),
      }
    },
    exportsOf: (repository, commit, paths, signal) => exportsAt(repository, commit, paths, parsers, signal),
    close: async () => {
      parsers.close()
      store?.close()
    },
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
