import type { Files } from '../../resolve/files.ts'
import { directoryOf } from '../../resolve/paths.ts'
import type { Language } from '../language.ts'
import { mostFilesOfPackage } from '../language.ts'
import type { GoModuleReading } from './module.ts'
import { createGoModules } from './modules.ts'
import type { GoReading } from './scan.ts'

/** The Go files of one directory. */
type Package = { sources: string[]; mains: string[] }

/**
 * Go to the level of packages: a file depends on all files of a package that it imports, tests aside; a test on those of
 * its own package; the file with `main` on the others of its program. That files of one package use each other without an
 * import is otherwise not shown. Build constraints are not looked at: every file counts.
 */
export function createGo(
  sources: Map<string, GoReading>,
  modules: Map<string, GoModuleReading>,
  files: Files,
): Language<GoReading> {
  const places = createGoModules(modules, files)
  const packages = new Map<string, Package>()
  const entries = new Set<string>()
  for (const [path, { package: name, main }] of sources) {
    if (isTest(path) || isIgnored(path) || name === null) continue
    const directory = directoryOf(path)
    const found = packages.get(directory) ?? { sources: [], mains: [] }
    packages.set(directory, found)
    if (name === 'main') found.mains.push(path)
    else found.sources.push(path)
    if (main) entries.add(path)
  }

  return {
    connect: (path, reading, links) => {
      if (reading.fault !== null) links.unparsed(reading.fault)
      const directory = directoryOf(path)
      for (const specifier of reading.imports) {
        const place = places.find(specifier, directory)
        if (place.kind === 'external') links.external(place.name)
        if (place.kind === 'platform' || place.kind === 'external') continue
        const found = place.kind === 'directory' ? filesOf(packages.get(place.directory)) : []
        if (found.length === 0) links.unresolved(specifier, 'import')
        links.add('import', found)
      }
      const own = packages.get(directory)
      if (isTest(path)) {
        if (reading.package !== null && !reading.package.endsWith('_test')) links.add('test', filesOf(own))
      } else if (reading.main) links.add('import', bounded(own?.mains ?? []))
    },
    entryPoints: () => [...entries],
  }
}

function isTest(path: string): boolean {
  return path.endsWith('_test.go')
}

/** The go command does not see names that begin with a dot or an underscore. */
function isIgnored(path: string): boolean {
  return /(?:^|\/)[._][^/]*$/.test(path)
}

/** Programs beside a package, kept out of it by a build constraint, generate code or show its use. */
function filesOf(found: Package | undefined): string[] {
  if (found === undefined) return []
  return bounded(found.sources.length > 0 ? found.sources : found.mains)
}

function bounded(paths: string[]): string[] {
  return paths.length > mostFilesOfPackage ? paths.slice(0, 1) : paths
}
