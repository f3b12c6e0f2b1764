import { dependencyKinds } from './dependency-map.ts'
import type { DependencyKind, Unresolved } from './dependency-map.ts'
import type { Reading } from './reading.ts'
import type { Importer } from './resolve/files.ts'
import { filesOfDocker, filesOfScripts, filesOfWorkflow } from './resolve/named-paths.ts'
import { directoryOf, joinPath } from './resolve/paths.ts'
import { testedBy } from './resolve/tests.ts'
import type { World } from './world.ts'

/** What one file needs: each file of the repository with the strongest kind, what is not found, packages from outside. */
export type Edges = { to: Map<string, DependencyKind>; unresolved: Unresolved[]; external: string[] }

const strength = new Map<DependencyKind, number>(dependencyKinds.map((kind, place) => [kind, place]))

const noJson = 'it is no JSON object'

export function edgesOf(path: string, reading: Reading, world: World): Edges {
  const edges: Edges = { to: new Map(), unresolved: [], external: [] }
  const add = (kind: DependencyKind, targets: (string | null)[]) => {
    for (const to of targets) {
      if (to === null || to === path) continue
      const before = edges.to.get(to)
      if (before === undefined || (strength.get(kind) ?? 0) < (strength.get(before) ?? 0)) edges.to.set(to, kind)
    }
  }
  const unparsed = (why: string) => edges.unresolved.push({ from: path, specifier: why, kind: 'unparsed' })
  const { files, resolver } = world
  switch (reading.kind) {
    case 'module': {
      if (reading.fault !== null) unparsed(reading.fault)
      const importer: Importer = /\.[cm]?jsx?$/.test(path) ? 'javascript' : 'typescript'
      for (const { specifier, kind } of reading.references) {
        const found = resolver.resolve(specifier, path, importer)
        if (found.kind === 'file') add(kind, [found.path])
        else if (found.kind === 'external') edges.external.push(found.name)
        else if (!isDirectory(specifier, path, kind, world)) edges.unresolved.push({ from: path, specifier, kind })
      }
      add('test', [testedBy(path, files)])
      break
    }
    case 'manifest':
      if (reading.manifest === null) unparsed(noJson)
      add('script', filesOfScripts(path, reading.manifest?.scripts ?? [], files))
      break
    case 'workflow':
      add('workflow', filesOfWorkflow(path, reading, files))
      break
    case 'docker':
      add('docker', filesOfDocker(path, reading, files))
      break
    case 'tsconfig':
      if (reading.config === null) unparsed(noJson)
      add('config', world.aliases.linksOf(path))
      break
    case 'link': {
      const target = joinPath(directoryOf(path), reading.target)
      add('link', [target !== null && files.has(target) ? target : null])
      break
    }
    case 'workspace':
      break
  }
  return edges
}

/** `new URL('./src', import.meta.url)` may mean a directory, which is no file to depend on. */
function isDirectory(specifier: string, from: string, kind: string, { files }: World): boolean {
  const path = kind === 'asset' ? joinPath(directoryOf(from), specifier) : null
  return path !== null && files.hasDirectory(path)
}
