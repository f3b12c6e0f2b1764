import type { TsConfig } from '../configuration/tsconfig.ts'
import { isTsConfig } from '../configuration/tsconfig.ts'
import { bestPattern } from './conditions.ts'
import type { Files, Importer } from './files.ts'
import type { Packages } from './packages.ts'
import { directoriesUp, directoryOf, inDirectory, joinPath, within } from './paths.ts'

/** What tsconfig files make of specifiers that are not relative. */
export type Aliases = {
  /** Whether a tsconfig file is in the directory itself. */
  hasConfig(directory: string): boolean
  /** The tsconfig files that may hold for the files of a directory, the likeliest first. */
  configsFor(directory: string): string[]
  /** `found` is a file, `matched` says that a `paths` pattern other than `*` claims the specifier but leads nowhere. */
  resolve(specifier: string, configs: string[], importer: Importer): { found: string | null; matched: boolean }
  /** The tsconfig files that one extends and references. */
  linksOf(path: string): string[]
}

/** A tsconfig with what it inherits. Directories are of the repository; null means none. */
type Effective = { baseUrl: string | null; paths: { [pattern: string]: string[] }; pathsFrom: string }

/** Chains of `extends` end here, whether they are a ring or only long. */
const longestChain = 20

export function createAliases(configs: Map<string, TsConfig>, files: Files, packages: Packages): Aliases {
  const effective = new Map<string, Effective>()

  const locate = (wanted: string, directory: string): string | null => {
    const path = wanted.startsWith('.') ? joinPath(directory, wanted) : inPackage(wanted, directory)
    if (path === null) return null
    const names = [path, `${path}.json`, inDirectory(path, 'tsconfig.json')]
    return names.find((name) => configs.has(name)) ?? null
  }

  const inPackage = (wanted: string, directory: string): string | null => {
    const [name, subpath] = splitBare(wanted)
    const found = packages.find(name, directory)
    return found && joinPath(found.directory, subpath || 'tsconfig.json')
  }

  const inherit = (path: string, depth = 0): Effective => {
    const directory = directoryOf(path)
    const known = effective.get(path)
    if (known !== undefined) return known
    const config = configs.get(path)
    let result: Effective = { baseUrl: null, paths: {}, pathsFrom: directory }
    if (config === undefined || depth > longestChain) return result
    for (const wanted of config.extends) {
      const parent = locate(wanted, directory)
      if (parent === null) continue
      const above = inherit(parent, depth + 1)
      const hasPaths = Object.keys(above.paths).length > 0
      result = {
        baseUrl: above.baseUrl ?? result.baseUrl,
        paths: hasPaths ? above.paths : result.paths,
        pathsFrom: hasPaths ? above.pathsFrom : result.pathsFrom,
      }
    }
    if (config.baseUrl !== null) result.baseUrl = joinPath(directory, inConfigDirectory(config.baseUrl))
    if (config.paths !== null) result = { ...result, paths: config.paths, pathsFrom: directory }
    if (depth === 0) effective.set(path, result)
    return result
  }

  // The nearest directory with a tsconfig decides: its main file, what that references for these files, then the others
  // beside it (`tsconfig.app.json`), since a file may be included by any of them.
  const configsFor = (directory: string): string[] => {
    for (const up of directoriesUp(directory)) {
      const main = ['tsconfig.json', 'jsconfig.json'].map((name) => inDirectory(up, name)).filter((p) => configs.has(p))
      if (main.length === 0) continue
      const referenced = main.flatMap((path) => references(path).filter((to) => within(directoryOf(to), directory)))
      return [...new Set([...main, ...referenced, ...(beside.get(up) ?? [])])]
    }
    return []
  }

  const references = (path: string): string[] =>
    (configs.get(path)?.references ?? []).flatMap((wanted) => {
      const directory = directoryOf(path)
      return locate(wanted.startsWith('.') ? wanted : `./${wanted}`, directory) ?? []
    })

  const holding = new Set([...configs.keys()].map(directoryOf))
  const beside = new Map<string, string[]>()
  for (const path of [...configs.keys()].toSorted()) {
    const directory = directoryOf(path)
    if (isTsConfig(path)) beside.set(directory, [...(beside.get(directory) ?? []), path])
  }

  const resolve: Aliases['resolve'] = (specifier, wanted, importer) => {
    let matched = false
    for (const { paths, pathsFrom, baseUrl } of wanted.map((path) => inherit(path))) {
      const pattern = matchPaths(paths, specifier)
      if (pattern !== null) {
        if (pattern.pattern !== '*') matched = true
        for (const target of paths[pattern.pattern] ?? []) {
          const place = inConfigDirectory(target).replace('*', () => pattern.matched)
          const path = joinPath(baseUrl ?? pathsFrom, place)
          const found = path === null ? null : files.module(path, importer)
          if (found !== null) return { found, matched: true }
        }
      }
      const based = baseUrl === null ? null : joinPath(baseUrl, specifier)
      const found = based === null ? null : files.module(based, importer)
      if (found !== null) return { found, matched: true }
    }
    return { found: null, matched }
  }

  const linksOf = (path: string) => {
    const extended = (configs.get(path)?.extends ?? []).flatMap((wanted) => locate(wanted, directoryOf(path)) ?? [])
    return [...extended, ...references(path)]
  }
  return { hasConfig: (directory) => holding.has(directory), configsFor, resolve, linksOf }
}

function matchPaths(paths: Effective['paths'], specifier: string): { pattern: string; matched: string } | null {
  if (Object.hasOwn(paths, specifier)) return { pattern: specifier, matched: '' }
  return bestPattern(
    Object.keys(paths).filter((pattern) => pattern.includes('*')),
    specifier,
  )
}

/** `${configDir}` is the directory of the file that is read first; joined to the directory it means the same there. */
function inConfigDirectory(path: string): string {
  return path.replace(/^\$\{configDir\}\/?/, './')
}

/** The package name and the rest of a bare specifier; the rest is empty for the package itself. */
export function splitBare(specifier: string): [name: string, subpath: string] {
  const parts = specifier.split('/')
  const length = specifier.startsWith('@') ? 2 : 1
  return [parts.slice(0, length).join('/'), parts.slice(length).join('/')]
}
