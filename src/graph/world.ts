import type { Manifest } from './configuration/manifest.ts'
import type { TsConfig } from './configuration/tsconfig.ts'
import type { Reading } from './reading.ts'
import { createAliases } from './resolve/aliases.ts'
import type { Aliases } from './resolve/aliases.ts'
import { createFiles } from './resolve/files.ts'
import type { Files } from './resolve/files.ts'
import { createPackages } from './resolve/packages.ts'
import type { Packages } from './resolve/packages.ts'
import { directoryOf } from './resolve/paths.ts'
import { createResolver } from './resolve/resolver.ts'
import type { Resolver } from './resolve/resolver.ts'
import { createTestTwins } from './resolve/tests.ts'
import type { Survey } from './survey.ts'

/** All that decides where a specifier of JavaScript leads: the paths of a tree and its configuration. */
export type World = {
  files: Files
  packages: Packages
  aliases: Aliases
  resolver: Resolver
  /** The file that a test tests. */
  testedBy(path: string): string | null
}

/** Of a survey whose configuration has been read. */
export function createWorld({ entries, readings }: Pick<Survey, 'entries' | 'readings'>): World {
  const manifests = new Map<string, Manifest>()
  const configs = new Map<string, TsConfig>()
  const globs = new Map<string, string[]>()
  const paths: string[] = []
  const add = (path: string, reading: Reading) => {
    if (reading.kind === 'manifest' && reading.manifest !== null) manifests.set(path, reading.manifest)
    else if (reading.kind === 'tsconfig' && reading.config !== null) configs.set(path, reading.config)
    else if (reading.kind === 'workspace') globs.set(directoryOf(path), reading.globs)
  }
  // In the tree's order, whatever the order in which they were read.
  for (const [place, { path }] of entries.entries()) {
    paths.push(path)
    const reading = readings[place]
    if (reading !== undefined) add(path, reading)
  }
  const files = createFiles(paths)
  const packages = createPackages(manifests, globs)
  const aliases = createAliases(configs, files, packages)
  return {
    files,
    packages,
    aliases,
    resolver: createResolver(files, packages, aliases),
    testedBy: createTestTwins(files),
  }
}
