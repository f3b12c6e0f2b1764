import type { Dependency } from '../model.ts'

/**
 * Why one file needs another. Between two files there is one edge, with the strongest kind, in this order:
 *
 * - `import` (Rust's `mod` and C's `#include` too), `export` (a re-export), `require`, `dynamic` (an `import()` or
 *   `import_module()` with a literal argument), `asset` (a file named by `new URL(…, import.meta.url)`, `require.resolve` or
 *   `include_str!`), `type` (only types are imported; it is gone at run time)
 * - `test`: a test and, by its name, the file it tests, where it does not import it anyway; in Go the package it is in
 * - `script`, `workflow`, `docker`: a package.json script, a workflow or action, a Dockerfile names the file
 * - `config`: a tsconfig extends or references another
 * - `link`: a symbolic link
 */
export const dependencyKinds = [
  'import',
  'export',
  'require',
  'dynamic',
  'asset',
  'type',
  'test',
  'script',
  'workflow',
  'docker',
  'config',
  'link',
] as const

export type DependencyKind = (typeof dependencyKinds)[number]

/**
 * What could not be followed. Kind `unparsed` is a whole file that may name others and could not be read, its `specifier` the
 * reason; else the kind of the edge.
 */
export type Unresolved = { from: string; specifier: string; kind: string }

export type DependencyMap = {
  commit: string
  /** Every path of the tree, sorted by bytes as git does. */
  files: string[]
  /** Only between the repository's own files; sorted by `from`, then `to`; a pair appears once. */
  dependencies: Dependency[]
  /** Sorted and unique. */
  unresolved: Unresolved[]
  /** How many packages from outside are imported. */
  external: number
  /**
   * What `main`, `module`, `types`, `bin` and `exports` of the package.json files lead to, as source files, and the files that
   * programs of other languages begin with; sorted.
   */
  entryPoints: string[]
}
