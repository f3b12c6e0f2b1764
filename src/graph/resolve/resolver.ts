import { isBuiltin } from 'node:module'

import type { Aliases } from './aliases.ts'
import { splitBare } from './aliases.ts'
import { exportTargets, importTargets } from './conditions.ts'
import type { Files, Importer } from './files.ts'
import type { Package, Packages } from './packages.ts'
import { directoriesUp, directoryOf, inDirectory, joinPath } from './paths.ts'
import { findTarget } from './source-twin.ts'

/** Where a specifier leads: a file of the repository, a package from outside, a module of the platform, or nowhere. */
export type Resolution =
  | { kind: 'file'; path: string }
  | { kind: 'external'; name: string }
  | { kind: 'platform' }
  | { kind: 'unresolved' }

export type Resolver = {
  /** What a specifier means to a file in a directory. */
  resolve(specifier: string, directory: string, importer: Importer): Resolution
  /** The file that a directory, or a path without its extension, stands for. */
  resolvePath(path: string, importer: Importer): string | null
}

/**
 * The directories under a package and the same tsconfig files: a specifier that is not relative means the same in all of them.
 * `directory` is the uppermost.
 */
type Scope = { directory: string; configs: string[]; resolved: Record<Importer, Map<string, Resolution>> }

const unresolved: Resolution = { kind: 'unresolved' }
const platform: Resolution = { kind: 'platform' }
/** npm's rule for names, as far as it tells a package from an alias like `@/x`. */
const packageName = /^(?:@[a-z\d~][\w.~-]*\/)?[a-z\d~][\w.~-]*$/i
const outputs = /^(?:dist|build|lib|out|esm|cjs|es)(?:\/|$)/
/** What bundlers understand without a tsconfig, and where it leads within a package. */
const conventions: [prefix: string, places: string[]][] = [
  ['@/', ['src', '', 'app']],
  ['~/', ['src', '', 'app']],
  ['$lib/', ['src/lib']],
]

export function createResolver(files: Files, packages: Packages, aliases: Aliases): Resolver {
  const scopes = new Map<string, Scope>()

  const scopeOf = (directory: string): Scope => {
    let scope = scopes.get(directory)
    if (scope !== undefined) return scope
    const below: string[] = []
    let at = directory
    while (scope === undefined && at !== '' && !packages.isBoundary(at) && !aliases.hasConfig(at)) {
      below.push(at)
      at = directoryOf(at)
      scope = scopes.get(at)
    }
    scope ??= {
      directory: at,
      configs: aliases.configsFor(at),
      resolved: { typescript: new Map(), javascript: new Map() },
    }
    scopes.set(at, scope)
    for (const each of below) scopes.set(each, scope)
    return scope
  }

  const resolvePath = (path: string, importer: Importer): string | null => {
    const named = files.named(path, importer)
    if (named !== null) return named
    const own = packages.at(path)
    return own === null ? files.completed(inDirectory(path, 'index'), importer) : entryOf(own, importer)
  }

  const entryOf = (own: Package, importer: Importer): string | null => {
    for (const target of [...exportTargets(own.manifest.exports, '.'), ...own.manifest.mains]) {
      const found = findTarget(files, own.directory, target, importer)
      if (found !== null) return found
    }
    for (const place of ['index', 'src/index', 'lib/index', 'src/main']) {
      const found = files.completed(inDirectory(own.directory, place), importer)
      if (found !== null) return found
    }
    return null
  }

  const inPackage = (own: Package, subpath: string, importer: Importer): string | null => {
    if (subpath === '') return entryOf(own, importer)
    const targets = exportTargets(own.manifest.exports, `./${subpath}`)
    for (const target of [...targets, subpath]) {
      const found = findTarget(files, own.directory, target, importer)
      if (found !== null) return found
    }
    const path = joinPath(own.directory, subpath)
    return path === null ? null : resolvePath(path, importer)
  }

  const file = (path: string | null): Resolution => (path === null ? unresolved : { kind: 'file', path })

  const resolveImport = (specifier: string, directory: string, importer: Importer): Resolution => {
    const own = packages.nearest(directory)
    if (own === null) return unresolved
    for (const target of importTargets(own.manifest.imports, specifier)) {
      const relative = target.startsWith('./')
      const found = relative
        ? file(findTarget(files, own.directory, target, importer))
        : resolveBare(target, directory, importer)
      if (found.kind !== 'unresolved') return found
    }
    return unresolved
  }

  const byConvention = (specifier: string, directory: string, importer: Importer): string | null => {
    const convention = conventions.find(([prefix]) => specifier.startsWith(prefix))
    if (convention === undefined) return null
    const [prefix, places] = convention
    for (const up of directoriesUp(directory)) {
      if (packages.at(up) === null) continue
      for (const place of places) {
        const found = files.module(inDirectory(inDirectory(up, place), specifier.slice(prefix.length)), importer)
        if (found !== null) return found
      }
    }
    return null
  }

  const resolveBare = (specifier: string, directory: string, importer: Importer): Resolution => {
    const [name, subpath] = splitBare(specifier)
    const alias = aliases.resolve(specifier, scopeOf(directory).configs, importer)
    if (alias.found !== null) return { kind: 'file', path: alias.found }
    if (isBuiltin(specifier)) return platform
    if (specifier.startsWith('#')) return resolveImport(specifier, directory, importer)
    const own = packages.find(name, directory)
    if (own !== null) return file(inPackage(own, subpath, importer))
    const conventional = byConvention(specifier, directory, importer)
    if (conventional !== null) return { kind: 'file', path: conventional }
    const claimed = alias.matched && !packages.declared(name, directory)
    return claimed || !packageName.test(name) ? unresolved : { kind: 'external', name }
  }

  /** What is built is not committed; what a relative path into it means is its source. */
  const unbuilt = (path: string, importer: Importer): string | null => {
    const own = packages.nearest(path)
    if (own === null || path === own.directory) return null
    const target = own.directory === '' ? path : path.slice(own.directory.length + 1)
    return outputs.test(target) ? findTarget(files, own.directory, `./${target}`, importer) : null
  }

  /** Bundlers read `/x` from the root of the package, or from its directory of public files. */
  const absolute = (path: string, directory: string, importer: Importer): string | null => {
    for (const up of directoriesUp(directory)) {
      if (up !== '' && packages.at(up) === null) continue
      for (const place of ['', 'public', 'static']) {
        const wanted = joinPath(inDirectory(up, place), path)
        const found = wanted === null ? null : files.module(wanted, importer)
        if (found !== null) return found
      }
    }
    return null
  }

  const resolveRelative = (specifier: string, directory: string, importer: Importer): Resolution => {
    const path = joinPath(directory, specifier)
    if (path === null) return unresolved
    return file(exactOr(files, path, specifier, importer, resolvePath) ?? unbuilt(path, importer))
  }

  // Files come by directory, and those of one name the same files: a third of all names are known from a file beside.
  let beside = { directory: '', importer: 'typescript', resolved: new Map<string, Resolution>() }

  return {
    resolvePath,
    resolve: (written, directory, importer) => {
      const specifier = withoutLoaders(written)
      if (specifier.startsWith('.')) {
        if (beside.directory !== directory || beside.importer !== importer) {
          beside = { directory, importer, resolved: new Map() }
        }
        const before = beside.resolved.get(specifier)
        if (before !== undefined) return before
        const found = resolveRelative(specifier, directory, importer)
        beside.resolved.set(specifier, found)
        return found
      }
      const scope = scopeOf(directory)
      const resolved = scope.resolved[importer]
      const known = resolved.get(specifier)
      if (known !== undefined) return known
      // `node:fs`, `bun:test`, `virtual:pages`, `https://…`
      if (/^[a-z][a-z\d+.-]*:/i.test(specifier) || specifier.startsWith('//')) return platform
      if (specifier.startsWith('/')) return file(absolute(specifier.slice(1), directory, importer))
      const found = resolveBare(specifier, scope.directory, importer)
      resolved.set(specifier, found)
      return found
    },
  }
}

/** `.`, `..` and what ends in a slash mean the directory, even where a file has its name. */
function exactOr(
  files: Files,
  path: string,
  specifier: string,
  importer: Importer,
  resolvePath: Resolver['resolvePath'],
): string | null {
  const last = specifier.at(-1)
  const isDirectory = last === '/' || (last === '.' && /(?:^|\/)\.{1,2}$/.test(specifier))
  if (!isDirectory) return resolvePath(path, importer)
  return files.completed(inDirectory(path, 'index'), importer) ?? resolvePath(path, importer)
}

/** `!!raw-loader!./x.md?inline` names `./x.md`. */
function withoutLoaders(specifier: string): string {
  if (!specifier.includes('!') && !specifier.includes('?')) return specifier
  const name = specifier.slice(specifier.lastIndexOf('!') + 1)
  const query = name.indexOf('?', 1)
  return query < 0 ? name : name.slice(0, query)
}
