import type { Files } from '../../resolve/files.ts'
import { directoriesUp, directoryOf, inDirectory } from '../../resolve/paths.ts'

/** The modules of a tree, by their path without an extension. */
export type PythonModules = {
  /** The file of a module or the `__init__` of a package; null for none, and for a directory that is a package without one. */
  at(path: string): string | null
  isPackage(directory: string): boolean
  /** Whether Python sources are in the directory or below: it may be a package without an `__init__`. */
  isNamespace(directory: string): boolean
  /**
   * Files that names imported from a module need: the submodules they are, else the module itself. Null names import the
   * module as a whole. Null when it is not there.
   */
  find(path: string, names: string[] | null): string[] | null
}

/** Stubs and extension modules stand for a module that has no source in Python. */
const extensions = ['.py', '.pyx', '.pyi', '.c', '.cpp']

export function createPythonModules(sources: string[], files: Files): PythonModules {
  const namespaces = new Set<string>()
  for (const path of sources) {
    for (const up of directoriesUp(directoryOf(path))) {
      if (namespaces.has(up)) break
      namespaces.add(up)
    }
  }
  const isPackage = (directory: string) =>
    files.has(inDirectory(directory, '__init__.py')) || files.has(inDirectory(directory, '__init__.pyi'))

  const at = (path: string): string | null => {
    // A package goes before a module of the same name.
    const candidates = namespaces.has(path) ? [`${inDirectory(path, '__init__')}`, path] : [path]
    for (const stem of candidates) {
      const extension = extensions.find((each) => files.has(stem + each))
      if (extension !== undefined) return stem + extension
    }
    return null
  }

  const find: PythonModules['find'] = (path, names) => {
    const own = at(path)
    if (own === null && !namespaces.has(path)) return null
    if (names === null) return own === null ? [] : [own]
    const found = new Set<string>()
    for (const name of names) {
      const inside = inDirectory(path, name)
      const submodule = namespaces.has(path) && name !== '*' ? at(inside) : null
      if (submodule !== null) found.add(submodule)
      else if (own !== null) found.add(own)
      else if (name !== '*' && !namespaces.has(inside)) return null
    }
    return [...found]
  }

  return { at, isPackage, isNamespace: (directory) => namespaces.has(directory), find }
}
