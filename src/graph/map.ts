import { join } from 'node:path'

import type { DependencyMap } from './dependency-map.ts'
import { edgesOf } from './edges.ts'
import type { Edges } from './edges.ts'
import { exportsAt } from './exports-at.ts'
import { createParsers } from './javascript/parsers.ts'
import { decidesForOthers } from './reading.ts'
import { nameCommit } from './repository/tree.ts'
import { openStore } from './store.ts'
import { surveyCommit } from './survey.ts'
import type { Survey, Surveyed } from './survey.ts'
import { createWorld, entryPointsOf } from './world.ts'
import type { World } from './world.ts'

export type { DependencyMap } from './dependency-map.ts'

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
  /** Ends the parser processes and closes the cache; maps still being made fail. Resolves when the processes are gone. */
  close(): Promise<void>
}

export type MapperOptions = {
  /** A directory of the mapper's own; made when missing, safe to delete, safe to share between processes. */
  cacheDir?: string
}

/** The last map of a repository, taken apart so that a later commit costs what it changes. */
type Remembered = { survey: Survey; world: World; edges: Map<string, Edges> }

/** So many repositories are remembered; a large one takes tens of megabytes. */
const mostRemembered = 4

export function createMapper({ cacheDir }: MapperOptions = {}): Mapper {
  const store = cacheDir === undefined ? null : openStore(cacheDir)
  const parsers = createParsers(cacheDir && join(cacheDir, 'code'))
  const remembered = new Map<string, Remembered>()

  const remember = (repository: string, latest: Remembered) => {
    remembered.delete(repository)
    remembered.set(repository, latest)
    for (const oldest of remembered.keys()) {
      if (remembered.size > mostRemembered) remembered.delete(oldest)
    }
  }

  return {
    map: async (repository, commit, signal) => {
      const before = remembered.get(repository) ?? null
      if (before === null) parsers.warm()
      const name = await nameCommit(repository, commit, signal)
      const surveyed = await surveyCommit(repository, name, before?.survey ?? null, { parsers, store }, signal)
      const latest = connect(surveyed, before)
      remember(repository, latest)
      return assemble(latest)
    },
    exportsOf: (repository, commit, paths, signal) => exportsAt(repository, commit, paths, parsers, signal),
    close: async () => {
      await parsers.close()
      store?.close()
    },
  }
}

/** Finds the edges of every file; those of files that did not change only where something changed that decides for them. */
function connect({ survey, modified }: Surveyed, before: Remembered | null): Remembered {
  if (before !== null && modified !== null && !modified.some((path) => decides(path, survey, before.survey))) {
    const edges = new Map(before.edges)
    for (const path of modified) {
      const reading = survey.readings.get(path)
      if (reading !== undefined) edges.set(path, edgesOf(path, reading, before.world))
    }
    return { survey, world: before.world, edges }
  }
  const paths = survey.entries.map(({ path }) => path)
  const world = createWorld(paths, survey.readings)
  const edges = new Map<string, Edges>()
  for (const [path, reading] of survey.readings) edges.set(path, edgesOf(path, reading, world))
  return { survey, world, edges }
}

function decides(path: string, now: Survey, before: Survey): boolean {
  return decidesForOthers(now.readings.get(path), before.readings.get(path))
}

function assemble({ survey, world, edges }: Remembered): DependencyMap {
  const map: DependencyMap = {
    commit: survey.commit,
    files: survey.entries.map(({ path }) => path),
    dependencies: [],
    unresolved: [],
    external: 0,
    entryPoints: entryPointsOf(world),
  }
  const external = new Set<string>()
  // The files come in order, so only the edges of each have to be sorted.
  for (const [from, of] of edges) {
    for (const [to, kind] of of.to) map.dependencies.push({ from, to, kind })
    map.unresolved.push(...of.unresolved)
    for (const each of of.external) external.add(each)
  }
  return { ...map, external: external.size }
}
