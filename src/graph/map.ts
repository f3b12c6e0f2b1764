import { join } from 'node:path'

import type { Chart } from './chart.ts'
import type { DependencyMap } from './dependency-map.ts'
import { entryPointsOf } from './entry-points.ts'
import type { Parsers } from './javascript/parsers.ts'
import { listTree, nameCommit } from './repository/tree.ts'

export type { DependencyMap } from './dependency-map.ts'

/**
 * Reads dependency maps from bare repositories: no checkout, no installation, none of the repository's code runs.
 * What the repositories seen last say is kept in memory by blob.
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
  /** Ends the parser processes; maps still being made fail. Resolves when the processes are gone. */
  close(): Promise<void>
}

export type MapperOptions = {
  /** A directory of the mapper's own for compiled code; made when missing, safe to delete, safe to share between processes. */
  cacheDir?: string
}

/** So many repositories are remembered; a large one takes tens of megabytes. */
const mostRemembered = 4

export function createMapper({ cacheDir }: MapperOptions = {}): Mapper {
  const parsers = parsersWhenNeeded(cacheDir && join(cacheDir, 'code'))
  const remembered = new Map<string, Chart>()

  const remember = (repository: string, latest: Chart) => {
    remembered.delete(repository)
    remembered.set(repository, latest)
    for (const oldest of remembered.keys()) {
      if (remembered.size > mostRemembered) remembered.delete(oldest)
    }
  }

  return {
    map: async (repository, commit, signal) => {
      const name = await nameCommit(repository, commit, signal)
      const before = remembered.get(repository) ?? null
      const listing = before === null ? listTree(repository, name, signal) : null
      // A failure of it is heard when the listing is wanted.
      listing?.catch(() => {})
      // Git lists the tree while this is loaded, and inflates the first files while that is loaded which reads them.
      const { beginSurvey } = await import('./survey.ts')
      const begun = await beginSurvey(repository, name, { before: before?.survey ?? null, listing }, signal)
      const { chartSurvey } = await import('./chart.ts')
      const latest = await chartSurvey(begun, before, parsers, signal)
      remember(repository, latest)
      return assemble(latest)
    },
    exportsOf: async (repository, commit, paths, signal) => {
      const { exportsAt } = await import('./exports-at.ts')
      return exportsAt(repository, commit, paths, parsers, signal)
    },
    close: () => parsers.close(),
  }
}

/** Few sources need a parser, and what runs one is loaded with the first of them. */
function parsersWhenNeeded(codeCache: string | undefined): Parsers {
  let loading: Promise<Parsers> | null = null
  let parsers: Parsers | null = null
  let closed = false
  const load = (): Promise<Parsers> => {
    if (closed) return Promise.reject(new Error('the dependency mapper is closed'))
    loading ??= import('./javascript/parsers.ts').then(({ createParsers }) => (parsers = createParsers(codeCache)))
    return loading
  }
  return {
    references: async (language, content) => (await load()).references(language, content),
    exports: async (language, content) => (await load()).exports(language, content),
    room: () => parsers?.room() ?? null,
    close: async () => {
      closed = true
      await (await loading)?.close()
    },
  }
}

function assemble({ survey, world, languages, edges }: Chart): DependencyMap {
  const map: DependencyMap = {
    commit: survey.commit,
    files: [],
    dependencies: [],
    unresolved: [],
    external: 0,
    entryPoints: entryPointsOf(world, languages),
  }
  const external = new Set<string>()
  // The files come in order, so only the edges of each have to be sorted.
  for (const [place, { path }] of survey.entries.entries()) {
    map.files.push(path)
    const of = edges[place]
    if (of === undefined) continue
    for (const dependency of of.dependencies) map.dependencies.push(dependency)
    for (const unresolved of of.unresolved) map.unresolved.push(unresolved)
    for (const name of of.external) external.add(name)
  }
  return { ...map, external: external.size }
}
