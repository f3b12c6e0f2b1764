import type { Dependency } from '../model.ts'
import { dependencyKinds } from './dependency-map.ts'
import type { DependencyKind, Unresolved } from './dependency-map.ts'
import type { Reference } from './javascript/reading.ts'
import type { Languages } from './languages/languages.ts'
import type { Reading } from './reading.ts'
import type { Importer } from './resolve/files.ts'
import { filesOfDocker, filesOfScripts, filesOfWorkflow } from './resolve/named-paths.ts'
import { directoryOf, joinPath } from './resolve/paths.ts'
import type { World } from './world.ts'

/** What one file needs, sorted: files of the repository, each with its strongest kind; what is not found; packages from outside. */
export type Edges = { dependencies: Dependency[]; unresolved: Unresolved[]; external: string[] }

const strength = new Map<string, number>(dependencyKinds.map((kind, place) => [kind, place]))

const noJson = 'it is no JSON object'

/** `languages` is there when files of other languages than JavaScript and TypeScript are. */
export function edgesOf(path: string, reading: Reading, world: World, languages: Languages | null): Edges {
  const links = new Links(path)
  const { files, aliases } = world
  switch (reading.kind) {
    case 'module':
      if (reading.fault !== null) links.unparsed(reading.fault)
      linkModule(path, reading.references, world, links)
      break
    case 'manifest':
      if (reading.manifest === null) links.unparsed(noJson)
      links.add('script', filesOfScripts(path, reading.manifest?.scripts ?? [], files))
      break
    case 'workflow':
      links.add('workflow', filesOfWorkflow(path, reading, files))
      break
    case 'docker':
      links.add('docker', filesOfDocker(path, reading, files))
      break
    case 'tsconfig':
      if (reading.config === null) links.unparsed(noJson)
      links.add('config', aliases.linksOf(path))
      break
    case 'link': {
      const target = joinPath(directoryOf(path), reading.target)
      if (target !== null && files.has(target)) links.add('link', [target])
      break
    }
    case 'workspace':
      break
    default:
      languages?.connect(path, reading, links)
  }
  return links.edges()
}

/** Most files have none of one thing or another. */
const none: never[] = []

class Links {
  readonly #from: string
  #dependencies: Dependency[] = none
  /** By target, once there are many. */
  #byTarget: Map<string, Dependency> | null = null
  #unresolved: Unresolved[] = none
  #external: string[] = none

  constructor(from: string) {
    this.#from = from
  }

  add(kind: DependencyKind, paths: string[]): void {
    for (const to of paths) this.addOne(kind, to)
  }

  addOne(kind: DependencyKind, to: string): void {
    if (to === this.#from) return
    const before = this.#find(to)
    if (before === undefined) {
      const dependency = { from: this.#from, to, kind }
      if (this.#dependencies === none) this.#dependencies = []
      this.#dependencies.push(dependency)
      this.#byTarget?.set(to, dependency)
    } else if ((strength.get(kind) ?? 0) < (strength.get(before.kind) ?? 0)) before.kind = kind
  }

  #find(to: string): Dependency | undefined {
    const dependencies = this.#dependencies
    if (dependencies.length < 16) return dependencies.find((each) => each.to === to)
    this.#byTarget ??= new Map(dependencies.map((each) => [each.to, each]))
    return this.#byTarget.get(to)
  }

  external(name: string): void {
    if (this.#external === none) this.#external = []
    this.#external.push(name)
  }

  unresolved(specifier: string, kind: string): void {
    if (this.#unresolved === none) this.#unresolved = []
    this.#unresolved.push({ from: this.#from, specifier, kind })
  }

  unparsed(why: string): void {
    this.unresolved(why, 'unparsed')
  }

  edges(): Edges {
    const dependencies = this.#dependencies
    const unresolved = this.#unresolved
    if (dependencies.length > 1) dependencies.sort((a, b) => (a.to < b.to ? -1 : 1))
    if (unresolved.length > 1) unresolved.sort((a, b) => (a.specifier < b.specifier ? -1 : 1))
    return { dependencies, unresolved, external: this.#external }
  }
}

function linkModule(path: string, references: Reference[], world: World, links: Links): void {
  const importer: Importer = isJavaScript(path) ? 'javascript' : 'typescript'
  const directory = directoryOf(path)
  for (const { specifier, kind } of references) {
    const found = world.resolver.resolve(specifier, directory, importer)
    if (found.kind === 'file') links.addOne(kind, found.path)
    else if (found.kind === 'external') links.external(found.name)
    else if (found.kind === 'unresolved' && !isDirectory(specifier, directory, kind, world)) {
      links.unresolved(specifier, kind)
    }
  }
  const tested = world.testedBy(path)
  if (tested !== null) links.addOne('test', tested)
}

function isJavaScript(path: string): boolean {
  return path.endsWith('js') ? /\.[cm]?js$/.test(path) : path.endsWith('.jsx')
}

/** `new URL('./src', import.meta.url)` may mean a directory, which is no file to depend on. */
function isDirectory(specifier: string, directory: string, kind: string, { files }: World): boolean {
  const path = kind === 'asset' ? joinPath(directory, specifier) : null
  return path !== null && files.hasDirectory(path)
}
