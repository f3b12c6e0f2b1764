import type { Files } from '../../resolve/files.ts'
import { directoriesUp, directoryOf, inDirectory, joinPath } from '../../resolve/paths.ts'
import { isExample } from '../language.ts'
import type { Language, Links } from '../language.ts'
import { createPythonModules } from './modules.ts'
import type { PythonProjectReading } from './project.ts'
import type { PythonImport, PythonReading } from './scan.ts'
import { standardModules } from './standard.ts'

/** More projects than this are not looked through for every import. */
const mostRoots = 200

/** Where a project keeps its packages, besides where it says so. */
const customaryRoots = ['', 'src', 'lib', 'python']

/**
 * Python to the level of modules: an import depends on the module it names, `from package import name` on the submodule
 * where the name is one and on the package otherwise. That importing `a.b` also runs `a/__init__.py` is not shown.
 */
export function createPython(
  sources: Map<string, PythonReading>,
  projects: Map<string, PythonProjectReading>,
  files: Files,
): Language<PythonReading> {
  const paths = [...sources.keys()]
  const modules = createPythonModules(paths, files)

  /** Directories of projects, with those they have their modules in. */
  const rootsOfProjects = new Map<string, string[]>()
  const addProject = (directory: string, roots: string[]) => {
    const all = [...roots, ...customaryRoots].flatMap((root) => joinPath(directory, root || '.') ?? [])
    const before = rootsOfProjects.get(directory) ?? []
    const known = all.filter((root) => modules.isNamespace(root) && !modules.isPackage(root))
    rootsOfProjects.set(directory, [...new Set([...before, ...known])])
  }
  for (const [path, { roots }] of projects) addProject(directoryOf(path), roots)
  for (const path of paths) if (/(?:^|\/)setup\.py$/.test(path)) addProject(directoryOf(path), [])
  addProject('', [])
  const everyRoot = [...rootsOfProjects]
    .flatMap(([directory, roots]) => (isExample(directory) ? [] : roots))
    .slice(0, mostRoots)

  const rootsOf = new Map<string, { own: string; others: string[] }>()
  /** The directory that a file's own package is in, where Python looks first, and the others in the order of likelihood. */
  const rootsFor = (directory: string) => {
    const known = rootsOf.get(directory)
    if (known !== undefined) return known
    let own = directory
    while (own !== '' && modules.isPackage(own)) own = directoryOf(own)
    const above = [...directoriesUp(own)].flatMap((up) => [up, ...(rootsOfProjects.get(up) ?? [])])
    const found = { own, others: [...new Set([...above, ...everyRoot])].filter((root) => root !== own) }
    rootsOf.set(directory, found)
    return found
  }

  /** Files, nothing that is there, or null when the first name of the module is none of the repository's. */
  const findAbsolute = (
    module: string,
    names: string[] | null,
    directory: string,
  ): string[] | 'lost' | 'platform' | null => {
    const segments = module.split('.')
    const first = segments[0] ?? ''
    const { own, others } = rootsFor(directory)
    for (const root of [own, null, ...others]) {
      if (root === null) {
        if (standardModules.has(first)) return 'platform'
        continue
      }
      const top = inDirectory(root, first)
      const isOwn = modules.at(top) !== null
      if (!isOwn && !modules.isNamespace(top)) continue
      const found = modules.find(inDirectory(root, segments.join('/')), names)
      if (found !== null) return found
      // A package without an `__init__` may have other parts elsewhere.
      if (isOwn) return 'lost'
    }
    return null
  }

  const connectOne = (path: string, { module, names, kind }: PythonImport, links: Links) => {
    const dots = /^\.*/.exec(module)?.[0].length ?? 0
    const rest = module.slice(dots)
    if (dots === 0) {
      const found = findAbsolute(module, names, directoryOf(path))
      if (found === null) links.external(module.split('.', 1)[0] ?? module)
      else if (found === 'lost') links.unresolved(module, kind)
      else if (found !== 'platform') links.add(kind, found)
      return
    }
    const base = joinPath(directoryOf(path), '../'.repeat(Math.min(dots - 1, 100)) || '.')
    const target = base === null ? null : rest === '' ? base : inDirectory(base, rest.replaceAll('.', '/'))
    const found = target === null ? null : modules.find(target, names)
    if (found === null) links.unresolved(rest === '' && names !== null ? `${module}${names.join()}` : module, kind)
    else links.add(kind, found)
  }

  return {
    connect: (path, { imports }, links) => {
      for (const each of imports) connectOne(path, each, links)
    },
    entryPoints: () => {
      const programs = paths.filter((path) => /(?:^|\/)__main__\.py$/.test(path) && !isExample(path))
      const commands = [...projects].flatMap(([path, { scripts }]) => {
        const roots = rootsOfProjects.get(directoryOf(path)) ?? []
        return scripts.flatMap((module) => {
          const places = roots.map((root) => modules.at(inDirectory(root, module.replaceAll('.', '/'))))
          return places.find((place) => place !== null) ?? []
        })
      })
      return [...programs, ...commands]
    },
  }
}
