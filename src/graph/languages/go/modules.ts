import type { Files } from '../../resolve/files.ts'
import { directoriesUp, directoryOf, inDirectory, joinPath } from '../../resolve/paths.ts'
import { isExample, nearest } from '../language.ts'
import type { GoModuleReading } from './module.ts'

/** Where an import path leads: a directory of the repository, a module from outside, Go's own library, or nowhere. */
export type GoPlace =
  | { kind: 'directory'; directory: string }
  | { kind: 'external'; name: string }
  | { kind: 'platform' }
  | { kind: 'unresolved' }

export type GoModules = { find(path: string, directory: string): GoPlace }

/** The module that a file belongs to. */
type Own = { directory: string; module: string | null; replaced: Map<string, string>; requires: Set<string> }

type Claim = { path: string; directory: string }

/**
 * The modules of a tree, by the path of their go.mod. An import of another module of the repository means that module, as
 * with a `replace` or a go.work, even where a released version of it is asked for.
 */
export function createGoModules(modules: Map<string, GoModuleReading>, files: Files): GoModules {
  const byDirectory = new Map<string, Own>()
  const byPath = new Map<string, string[]>()
  for (const [file, reading] of modules) {
    const directory = directoryOf(file)
    const replaced = new Map(reading.replaces)
    byDirectory.set(directory, { directory, module: reading.module, replaced, requires: new Set(reading.requires) })
    if (reading.module === null || isExample(directory)) continue
    byPath.set(reading.module, [...(byPath.get(reading.module) ?? []), directory])
  }

  const ownOf = (directory: string): Own | null => {
    for (const up of directoriesUp(directory)) {
      const own = byDirectory.get(up)
      if (own !== undefined) return own
    }
    return null
  }

  /** The longest module path that the import path begins with. */
  const claimOf = (path: string, directory: string, own: Own | null): Claim | null => {
    for (const prefix of directoriesUp(path)) {
      if (prefix === '') break
      if (own !== null && prefix === own.module) return { path: prefix, directory: own.directory }
      const target = own?.replaced.get(prefix)
      const replacement = target === undefined ? null : joinPath(own?.directory ?? '', target)
      if (replacement !== null && files.hasDirectory(replacement)) return { path: prefix, directory: replacement }
      const other = nearest(byPath.get(prefix) ?? [], directory)
      if (other !== null) return { path: prefix, directory: other }
    }
    return null
  }

  return {
    find: (path, directory) => {
      if (path === 'C') return { kind: 'platform' }
      if (path.startsWith('./') || path.startsWith('../')) {
        const target = joinPath(directory, path)
        return target === null ? { kind: 'unresolved' } : { kind: 'directory', directory: target }
      }
      const own = ownOf(directory)
      const claim = claimOf(path, directory, own)
      if (claim !== null) {
        const rest = path.slice(claim.path.length + 1)
        return { kind: 'directory', directory: rest === '' ? claim.directory : inDirectory(claim.directory, rest) }
      }
      // Only paths whose first element has a dot can be fetched; the others are Go's own library.
      const first = path.split('/', 1)[0] ?? ''
      if (!first.includes('.')) return { kind: 'platform' }
      for (const prefix of directoriesUp(path)) {
        if (own?.requires.has(prefix)) return { kind: 'external', name: prefix }
      }
      return { kind: 'external', name: path.split('/').slice(0, 3).join('/') }
    },
  }
}
