import type { Manifest } from './configuration/manifest.ts'
import type { TsConfig } from './configuration/tsconfig.ts'
import { createLanguages } from './languages/languages.ts'
import type { Languages } from './languages/languages.ts'
import type { LanguageReading } from './languages/reading.ts'
import type { Reading } from './reading.ts'
import { createAliases } from './resolve/aliases.ts'
import type { Aliases } from './resolve/aliases.ts'
import { plainTargets } from './resolve/conditions.ts'
import { createFiles } from './resolve/files.ts'
import type { Files } from './resolve/files.ts'
import { createPackages } from './resolve/packages.ts'
import type { Packages } from './resolve/packages.ts'
import { directoryOf } from './resolve/paths.ts'
import { createResolver } from './resolve/resolver.ts'
import type { Resolver } from './resolve/resolver.ts'
import { findTarget } from './resolve/source-twin.ts'

/** All that decides where a specifier leads: the paths of a tree and its configuration. */
export type World = { files: Files; packages: Packages; aliases: Aliases; resolver: Resolver; languages: Languages }

export function createWorld(paths: string[], readings: Map<string, Reading>): World {
  const manifests = new Map<string, Manifest>()
  const configs = new Map<string, TsConfig>()
  const globs = new Map<string, string[]>()
  const others = new Map<string, LanguageReading>()
  for (const [path, reading] of readings) {
    switch (reading.kind) {
      case 'manifest':
        if (reading.manifest !== null) manifests.set(path, reading.manifest)
        break
      case 'tsconfig':
        if (reading.config !== null) configs.set(path, reading.config)
        break
      case 'workspace':
        globs.set(directoryOf(path), reading.globs)
        break
      case 'module':
      case 'workflow':
      case 'docker':
      case 'link':
        break
      default:
        others.set(path, reading)
    }
  }
  const files = createFiles(paths)
  const packages = createPackages(manifests, globs)
  const aliases = createAliases(configs, files, packages)
  const resolver = createResolver(files, packages, aliases)
  return { files, packages, aliases, resolver, languages: createLanguages(others, files) }
}

/** What the packages of a repository offer to the outside and what its programs begin with, as source files. */
export function entryPointsOf({ files, packages, languages }: World): string[] {
  const found = new Set(languages.entryPoints())
  for (const { directory, manifest } of packages.all) {
    for (const target of [...plainTargets(manifest.exports), ...manifest.mains, ...manifest.bins]) {
      const file = findTarget(files, directory, target, 'typescript')
      if (file !== null) found.add(file)
    }
  }
  return [...found].toSorted()
}
