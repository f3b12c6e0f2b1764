import type { Files } from '../../resolve/files.ts'
import { directoryOf, joinPath } from '../../resolve/paths.ts'
import { isExample } from '../language.ts'
import type { Language, Links } from '../language.ts'
import type { CargoReading } from './manifest.ts'
import { createModuleTree, descend, filesOfModule } from './module-tree.ts'
import type { ModuleNode } from './module-tree.ts'
import { createCargoPackages } from './packages.ts'
import type { CargoPackage } from './packages.ts'
import type { RustPath, RustReading } from './scan.ts'

const platform = new Set(['std', 'core', 'alloc', 'proc_macro', 'test'])

/**
 * Rust to the level of modules: a file depends on the modules it declares, and on the last module that a path it uses leads
 * through; what that module only re-exports is its own edge. Conditions (`cfg`) are not looked at: every item counts.
 */
export function createRust(
  sources: Map<string, RustReading>,
  manifests: Map<string, CargoReading>,
  files: Files,
): Language<RustReading> {
  const packages = createCargoPackages(manifests, sources.keys(), files)
  const tree = createModuleTree(sources, files)
  for (const each of packages.all) if (each.lib !== null) tree.crate(each.lib)
  for (const { bins, others } of packages.all) for (const file of [...bins, ...others]) tree.crate(file)

  /** A file that no crate declares is taken for the module its place says, or for a crate of its own outside of `src`. */
  const moduleOf = (path: string, own: CargoPackage | null): ModuleNode => {
    const known = tree.of(path)
    if (known !== null) return known
    const prefix = own === null ? '' : `${own.directory === '' ? '' : `${own.directory}/`}src/`
    if (own === null || own.lib === null || !path.startsWith(prefix)) return tree.crate(path)
    let node = tree.crate(own.lib)
    for (const name of path.slice(prefix.length).split('/').slice(0, -1)) node = node.children.get(name) ?? node
    return tree.attach(path, node)
  }

  /** The module that a path begins in, and the names that are left; an external name; nothing to show; or null for nowhere. */
  const begin = (from: ModuleNode, segments: string[], own: CargoPackage | null) => {
    const [head = '', ...rest] = segments
    if (head === 'crate') return { node: from.root, rest }
    if (head === 'self') return { node: from, rest }
    if (head === 'super') {
      const ups = segments.findIndex((segment) => segment !== 'super')
      const count = ups < 0 ? segments.length : ups
      let node: ModuleNode = from
      for (let up = 0; up < count; up++) node = node.parent ?? node
      return { node, rest: segments.slice(count) }
    }
    if (from.children.has(head)) return { node: from, rest: segments }
    const crate = own?.crates.get(head)
    if (crate !== undefined) return 'lib' in crate ? { node: tree.crate(crate.lib), rest } : crate.external
    if (platform.has(head)) return 'platform' as const
    // Before the edition of 2018 the paths of uses began at the root of the crate.
    return from.root.children.has(head) ? { node: from.root, rest: segments } : null
  }

  const connectPath = (file: ModuleNode, path: RustPath, own: CargoPackage | null, links: Links) => {
    const begun = begin(descend(file, path.inside) ?? file, path.segments, own)
    if (begun === 'platform') return
    if (begun === null) {
      if (path.certain && /^[a-z_]/.test(path.segments[0] ?? '')) links.unresolved(path.segments.join('::'), 'import')
    } else if (typeof begun === 'string') links.external(begun)
    else {
      let { node } = begun
      for (const name of begun.rest) {
        const child = node.children.get(name)
        if (child === undefined) break
        node = child
      }
      links.add('import', [node.file])
    }
  }

  return {
    connect: (path, { modules, paths, included }, links) => {
      const own = packages.nearest(directoryOf(path))
      const node = moduleOf(path, own)
      for (const module of modules) {
        if (module.inline) continue
        const around = descend(node, module.inside) ?? node
        const found = filesOfModule(module, path, around.directory, files)
        if (found.length === 0) links.unresolved([...module.inside, module.name].join('::'), 'import')
        else links.add('import', module.paths.length > 0 ? found : found.slice(0, 1))
      }
      for (const each of paths) connectPath(node, each, own, links)
      for (const wanted of included) {
        const place = joinPath(directoryOf(path), wanted)
        if (place !== null && files.has(place)) links.add('asset', [place])
        else links.unresolved(wanted, 'asset')
      }
    },
    entryPoints: () =>
      packages.all
        .filter(({ directory }) => !isExample(directory))
        .flatMap(({ lib, bins }) => [...bins, ...(lib === null ? [] : [lib])]),
  }
}
