import type { Languages } from './languages/languages.ts'
import { plainTargets } from './resolve/conditions.ts'
import { findTarget } from './resolve/source-twin.ts'
import type { World } from './world.ts'

/** What the packages of a repository offer to the outside and what its programs begin with, as source files. */
export function entryPointsOf({ files, packages }: World, languages: Languages | null): string[] {
  const found = new Set(languages?.entryPoints())
  for (const { directory, manifest } of packages.all) {
    for (const target of [...plainTargets(manifest.exports), ...manifest.mains, ...manifest.bins]) {
      const file = findTarget(files, directory, target, 'typescript')
      if (file !== null) found.add(file)
    }
  }
  return [...found].toSorted()
}
