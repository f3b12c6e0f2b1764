import type { Files } from '../../resolve/files.ts'
import { directoryOf, inDirectory, joinPath } from '../../resolve/paths.ts'
import type { RustModule, RustReading } from './scan.ts'

/** A module of a crate: a file, or a part of one. `root` is the crate's. */
export type ModuleNode = {
  file: string
  root: ModuleNode
  parent: ModuleNode | null
  children: Map<string, ModuleNode>
  /** Where the files of its modules are. */
  directory: string
}

export type ModuleTree = {
  /** Reads the crate that begins with a file, and gives its root. */
  crate(file: string): ModuleNode
  /** The module that a file is, of the crate that was read first; null when none of them has it. */
  of(file: string): ModuleNode | null
  /** Makes a file a module below another without being declared there. */
  attach(file: string, parent: ModuleNode): ModuleNode
}

/** A hostile repository may declare the same files in any number of crates. */
const mostNodes = 300_000

export function createModuleTree(sources: Map<string, RustReading>, files: Files): ModuleTree {
  const roots = new Map<string, ModuleNode>()
  const nodes = new Map<string, ModuleNode>()
  let count = 0

  const newNode = (file: string, parent: ModuleNode | null, directory: string): ModuleNode => {
    count++
    const node: Omit<ModuleNode, 'root'> = { file, parent, children: new Map(), directory }
    const made: ModuleNode = Object.assign(node, { root: undefined as unknown as ModuleNode })
    made.root = parent?.root ?? made
    return made
  }

  /** Reads the modules below a file's; each file once in a crate. */
  const grow = (start: ModuleNode) => {
    const seen = new Set([start.file])
    const queue = [start]
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (!nodes.has(node.file)) nodes.set(node.file, node)
      for (const module of sources.get(node.file)?.modules ?? []) {
        if (count > mostNodes) return
        const around = descend(node, module.inside)
        if (around === null || (around.children.has(module.name) && module.inline)) continue
        if (module.inline) {
          const directory = inDirectory(around.directory, module.paths[0] ?? module.name)
          around.children.set(module.name, newNode(node.file, around, directory))
          continue
        }
        const file = filesOfModule(module, node.file, around.directory, files)[0]
        if (file === undefined || seen.has(file)) continue
        seen.add(file)
        const child = newNode(file, around, directoryOfModules(file, module.paths.length > 0))
        around.children.set(module.name, child)
        queue.push(child)
      }
    }
  }

  return {
    crate: (file) => {
      const known = roots.get(file)
      if (known !== undefined) return known
      const root = newNode(file, null, directoryOf(file))
      roots.set(file, root)
      grow(root)
      return root
    },
    of: (file) => nodes.get(file) ?? null,
    attach: (file, parent) => {
      const node = newNode(file, parent, directoryOfModules(file, false))
      grow(node)
      return node
    },
  }
}

/** The module that names lead to from another, in the same file or below. */
export function descend(from: ModuleNode, names: string[]): ModuleNode | null {
  let node: ModuleNode | undefined = from
  for (const name of names) node = node?.children.get(name)
  return node ?? null
}

/** Source: doc.rust-lang.org/reference/items/modules.html, "Module source filenames" and "The path attribute". */
export function filesOfModule(module: RustModule, from: string, directory: string, files: Files): string[] {
  const base = module.inside.length === 0 ? directoryOf(from) : directory
  const named = module.paths.flatMap((path) => joinPath(base, path) ?? [])
  const customary = [`${module.name}.rs`, `${module.name}/mod.rs`].map((place) => inDirectory(directory, place))
  return [...named, ...customary].filter((path) => files.has(path))
}

function directoryOfModules(file: string, isNamed: boolean): string {
  return isNamed || file.endsWith('/mod.rs') ? directoryOf(file) : file.replace(/\.rs$/, '')
}
