import { dependencyKinds } from './dependency-map.ts'
import type { DependencyKind, Unresolved } from './dependency-map.ts'
import type { Reading } from './reading.ts'
import type { Importer } from './resolve/files.ts'
import { filesOfDocker, filesOfScripts, filesOfWorkflow } from './resolve/named-paths.ts'
import { directoryOf, joinPath } from './resolve/paths.ts'
import { testedBy } from './resolve/tests.ts'
import type { World } from './world.ts'

/** What one file needs, sorted: files of the repository, each with its strongest kind; what is not found; packages from outside. */
export type Edges = { to: [path: string, kind: DependencyKind][]; unresolved: Unresolved[]; external: string[] }

const strength = new Map<DependencyKind, number>(dependencyKinds.map((kind, place) => [kind, place]))

const noJson = 'it is no JSON object'

export function edgesOf(path: string, reading: Reading, world: World): Edges {
  const targets = new Map<string, DependencyKind>()
  const unresolved: Unresolved[] = []
  const external: string[] = []
  const add = (kind: DependencyKind, paths: (string | null)[]) => {
    for (const to of paths) {
      if (to === null || to === path) continue
      const before = targets.get(to)
      if (before === undefined || (strength.get(kind) ?? 0) < (strength.get(before) ?? 0)) targets.set(to, kind)
    }
  }
  const unparsed = (why: string) => unresolved.push({ from: path, specifier: why, kind: 'unparsed' })
  const { files, resolver } = world
  switch (reading.kind) {
    case 'module': {
      if (reading.fault !== null) unparsed(reading.fault)
      const importer: Importer = /\.[cm]?jsx?$/.test(path) ? 'javascript' : 'typescript'
      for (const { specifier, kind } of reading.references) {
        const found = resolver.resolve(specifier, path, importer)
        if (found.kind === 'file') add(kind, [found.path])
        else if (found.kind === 'external') external.push(found.name)
        else if (found.kind === 'unresolved' && !isDirectory(specifier, path, kind, world))
          unresolved.push({ from: path, specifier, kind })
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
    default:
      world.languages.connect(path, reading, {
        add,
        external: (name) => external.push(name),
        unresolved: (specifier, kind) => unresolved.push({ from: path, specifier, kind }),
        unparsed,
      })
  }
  return {
    to: [...targets].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    unresolved: unresolved.toSorted((a, b) => (a.specifier < b.specifier ? -1 : 1)),
    external,
  }
}

/** `new URL('./src', import.meta.url)` may mean a directory, which is no file to depend on. */
function isDirectory(specifier: string, from: string, kind: string, { files }: World): boolean {
  const path = kind === 'asset' ? joinPath(directoryOf(from), specifier) : null
  return path !== null && files.hasDirectory(path)
}
