import type { Dependency } from '../model.ts'

/**
 * Why one file needs another. Between two files there is one edge, with the strongest kind, in this order:
 *
 * - `import`, `export` (a re-export), `require`, `dynamic` (an `import()` with a literal argument), `asset` (a file named
 *   by `new URL(…, import.meta.url)` or `require.resolve`), `type` (only types are imported; it is gone at run time)
 * - `test`: a test and, by its name, the file it tests, where it does not import it anyway
 * - `script`, `workflow`, `docker`: a package.json script, a workflow or action, a Dockerfile names the file
 * - `config`: a tsconfig extends or references another
 * - `link`: a symbolic link
 */
export type DependencyKind =
  | 'import'
  | 'export'
  | 'require'
  | 'dynamic'
  | 'asset'
  | 'type'
  | 'test'
  | 'script'
  | 'workflow'
  | 'docker'
  | 'config'
  | 'link'

/** What could not be followed. Kind `unparsed` is a whole file, its `specifier` the reason; else the kind of the edge. */
export type Unresolved = { from: string; specifier: string; kind: string }

export type DependencyMap = {
  commit: string
  /** Every path of the tree, sorted. */
  files: string[]
  /** Only between the repository's own files; sorted by `from`, then `to`; a pair appears once. */
  dependencies: Dependency[]
  /** Sorted and unique. */
  unresolved: Unresolved[]
  /** How many packages from outside are imported. */
  external: number
  /** What `main`, `module`, `types`, `bin` and `exports` of the package.json files lead to, as source files; sorted. */
  entryPoints: string[]
}

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
   * re-export. A path that the commit lacks, or that cannot be parsed, is absent.
   * @throws as `map` does
   */
  exportsOf(
    repository: string,
    commit: string,
    paths: string[],
    signal?: AbortSignal,
  ): Promise<Map<string, string[]>>
  /** Ends the parser processes; waits for none. */
  close(): Promise<void>
}

export type MapperOptions = {
  /** A directory of the mapper's own; made when missing, safe to delete, safe to share between processes. */
  cacheDir?: string
}

export function createMapper(_options: MapperOptions = {}): Mapper {
  throw new Error('being written')
}
