import { matchGlobs } from '../configuration/globs.ts'
import type { Manifest } from '../configuration/manifest.ts'
import { directoriesUp, directoryOf, joinPath } from './paths.ts'

/** A package of the repository; `directory` is that of its package.json. */
export type Package = { directory: string; manifest: Manifest }

export type Packages = {
  all: Package[]
  /** The package whose package.json is in the directory. */
  at(directory: string): Package | null
  /** The package a path belongs to. */
  nearest(directory: string): Package | null
  /** Whether the directory itself has a say in what package names mean below it. */
  isBoundary(directory: string): boolean
  /** The repository's own package that `name` means when a file in `directory` imports it; null: one from outside. */
  find(name: string, directory: string): Package | null
  /** Whether a package.json at or above the directory asks for it. */
  declared(name: string, directory: string): boolean
}

type Workspace = { directory: string; members: Map<string, Package> }

/** Ways to say that a dependency is in the same repository, of npm, pnpm and yarn. */
const localByName = /^workspace:/
const localByPath = /^(?:file|link|portal):(.+)$/

/**
 * `manifests` by the path of the package.json; `globs` are the workspace globs that a directory declares besides those of
 * its package.json (pnpm-workspace.yaml, lerna.json).
 */
export function createPackages(manifests: Map<string, Manifest>, globs: Map<string, string[]>): Packages {
  const byDirectory = new Map<string, Package>()
  for (const [path, manifest] of manifests) {
    const directory = directoryOf(path)
    byDirectory.set(directory, { directory, manifest })
  }
  const all = [...byDirectory.values()]
  const byName = groupByName(all)
  const workspaces = new Map<string, Workspace>()
  for (const directory of new Set([...byDirectory.keys(), ...globs.keys()])) {
    const wanted = [...(byDirectory.get(directory)?.manifest.workspaces ?? []), ...(globs.get(directory) ?? [])]
    if (wanted.length > 0) workspaces.set(directory, { directory, members: membersOf(directory, wanted, all) })
  }

  const nearest = (directory: string) => {
    for (const up of directoriesUp(directory)) {
      const found = byDirectory.get(up)
      if (found !== undefined) return found
    }
    return null
  }

  const wantedAs = (name: string, directory: string): { by: string; as: string } | null => {
    for (const up of directoriesUp(directory)) {
      const dependencies = byDirectory.get(up)?.manifest.dependencies
      if (dependencies && Object.hasOwn(dependencies, name)) return { by: up, as: dependencies[name] ?? '' }
    }
    return null
  }

  return {
    all,
    at: (directory) => byDirectory.get(directory) ?? null,
    nearest,
    isBoundary: (directory) => byDirectory.has(directory) || globs.has(directory),
    declared: (name, directory) => wantedAs(name, directory) !== null,
    find: (name, directory) => {
      const own = nearest(directory)
      if (own?.manifest.name === name) return own
      for (const up of directoriesUp(directory)) {
        const member = workspaces.get(up)?.members.get(name)
        if (member !== undefined) return member
      }
      const wanted = wantedAs(name, directory)
      if (wanted === null) return null
      const path = localByPath.exec(wanted.as)?.[1]
      if (path !== undefined) return byDirectory.get(joinPath(wanted.by, path) ?? '\0') ?? null
      return localByName.test(wanted.as) ? (byName.get(name) ?? null) : null
    },
  }
}

function membersOf(root: string, globs: string[], all: Package[]): Map<string, Package> {
  const matches = matchGlobs(globs)
  const prefix = root === '' ? '' : `${root}/`
  const members = all.filter(({ directory }) => {
    if (directory === root) return true
    return directory.startsWith(prefix) && matches(directory.slice(prefix.length))
  })
  return groupByName(members)
}

/** Of packages with one name the one nearest to the root counts. */
function groupByName(packages: Package[]): Map<string, Package> {
  const found = new Map<string, Package>()
  for (const each of packages) {
    const { name } = each.manifest
    if (name === null) continue
    const before = found.get(name)
    if (before === undefined || each.directory.length < before.directory.length) found.set(name, each)
  }
  return found
}
