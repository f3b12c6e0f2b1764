import { directoriesUp, directoryOf, inDirectory } from './paths.ts'

/** The paths of a tree, made so that a specifier without its extension is found with one look-up. */
export type Files = {
  paths: string[]
  has(path: string): boolean
  hasDirectory(directory: string): boolean
  /** Paths in the directory and below. */
  below(directory: string): string[]
  /** The file that `stem` means when an extension is left off, as the importer would have it. */
  completed(stem: string, importer: Importer): string | null
  /** The file that a module path means: itself, its TypeScript twin, with an extension added, or the index of a directory. */
  module(path: string, importer: Importer): string | null
}

/** Where an extension is left off and both are there, each prefers its own. */
export type Importer = 'typescript' | 'javascript'

const typescript = ['.ts', '.tsx', '.mts', '.cts']
const javascript = ['.js', '.jsx', '.mjs', '.cjs']
const rest = ['.vue', '.svelte', '.astro', '.json', '.node', '.d.ts', '.d.mts', '.d.cts']
const order: Record<Importer, string[]> = {
  typescript: [...typescript, ...javascript, ...rest],
  javascript: [...javascript, ...typescript, ...rest],
}
const known = new Set(order.typescript)

/** What a compiled name was written as. Source: typescriptlang.org, module resolution, "file extension substitution". */
const twins: Record<string, string[]> = {
  '.js': ['.ts', '.tsx', '.d.ts', '.jsx'],
  '.jsx': ['.tsx', '.d.ts'],
  '.mjs': ['.mts', '.d.mts'],
  '.cjs': ['.cts', '.d.cts'],
}

export function createFiles(paths: string[]): Files {
  const all = new Set(paths)
  const stems = new Map<string, string[]>()
  for (const path of paths) {
    const extension = extensionOf(path)
    if (!known.has(extension)) continue
    const stem = path.slice(0, -extension.length)
    const there = stems.get(stem)
    if (there === undefined) stems.set(stem, [extension])
    else there.push(extension)
  }

  let directories: Set<string> | undefined
  const completed = (stem: string, importer: Importer) => {
    const extensions = stems.get(stem)
    if (extensions === undefined) return null
    if (extensions.length === 1) return stem + (extensions[0] ?? '')
    return stem + (order[importer].find((extension) => extensions.includes(extension)) ?? '')
  }

  const twin = (path: string) => {
    const extension = path.slice(path.lastIndexOf('.'))
    if (!(extension in twins)) return null
    const stem = path.slice(0, -extension.length)
    const extensions = stems.get(stem)
    const found = extensions && twins[extension]?.find((written) => extensions.includes(written))
    return found === undefined ? null : stem + found
  }

  return {
    paths,
    has: (path) => all.has(path),
    hasDirectory: (directory) => {
      directories ??= new Set(paths.flatMap((path) => [...directoriesUp(directoryOf(path))]))
      return directories.has(directory)
    },
    below: (directory) => paths.filter((path) => directory === '' || path.startsWith(`${directory}/`)),
    completed,
    module: (path, importer) => {
      if (all.has(path)) return path
      const found = twin(path) ?? completed(path, importer)
      return found ?? completed(inDirectory(path, 'index'), importer)
    },
  }
}

/** `.d.ts` counts as one extension. A file that is all extension has none. */
function extensionOf(path: string): string {
  const dot = path.lastIndexOf('.')
  if (dot <= path.lastIndexOf('/') + 1) return ''
  const extension = path.slice(dot)
  if (extension !== '.ts' && extension !== '.mts' && extension !== '.cts') return extension
  return path.endsWith('.d', dot) ? `.d${extension}` : extension
}
