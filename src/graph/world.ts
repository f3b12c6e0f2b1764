import type { Manifest } from './configuration/manifest.ts'
import type { TsConfig } from './configuration/tsconfig.ts'
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
export type World = { files: Files; packages: Packages; aliases: Aliases; resolver: Resolver }

export function createWorld(paths: string[], readings: Map<string, Reading>): World {
  const manifests = new Map<string, Manifest>()
  const configs = new Map<string, TsConfig>()
  const globs = new Map<string, string[]>()
  for (const [path, reading] of readings) {
    if (reading.kind === 'manifest' && reading.manifest !== null) manifests.set(path, reading.manifest)
    if (reading.kind === 'tsconfig' && reading.config !== null) configs.set(path, reading.config)
    if (reading.kind === 'workspace') globs.set(directoryOf(path), reading.globs)
  }
  const files = createFiles(paths)
  const packages = createPackages(manifests, globs)
  const aliases = createAliases(configs, files, packages)
  return { files, packages, aliases, resolver: createResolver(files, packages, aliases) }
}

/** What the packages of a repository offer to the outside, as source files. */
export function entryPointsOf({ files, packages }: World): string[] {
  const found = new Set<string>()
  for (const { directory, manifest } of packages.all) {
    for (const target of [...plainTargets(manifest.exports), ...manifest.mains, ...manifest.bins]) {
      const file = findTarget(files, directory, target, 'typescript')
      if (file !== null) found.add(file)
    }
  }
  return [...found].toSorted()
}
