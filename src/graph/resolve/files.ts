import { directoriesUp, directoryOf } from './paths.ts'

/** The paths of a tree, made so that a specifier without its extension is found with one look-up. */
export type Files = {
  paths: string[]
  has(path: string): boolean
  hasDirectory(directory: string): boolean
  /** Paths in the directory and below. */
  below(directory: string): string[]
  /** The file that `stem` means when an extension is left off, as the importer would have it. */
  completed(stem: string, importer: Importer): string | null
  /** The file that a module path means: itself, its TypeScript twin, or with an extension added. */
  named(path: string, importer: Importer): string | null
  /** As `named`, or the index of a directory. */
  module(path: string, importer: Importer): string | null
}

/** Where an extension is left off and both are there, each prefers its own. */
export type Importer = 'typescript' | 'javascript'

const typescript = ['.ts', '.tsx', '.mts', '.cts']
const javascript = ['.js', '.jsx', '.mjs', '.cjs']
const rest = ['.vue', '.svelte', '.astro', '.json', '.node', '.d.ts', '.d.mts', '.d.cts']

/** What is known of a stem is one number, with a bit for each extension it has there; of any other path the file itself. */
const isThere = 1
const bits = new Map([...typescript, ...javascript, ...rest].map((extension, place) => [extension, 2 << place]))
type Extension = [bit: number, extension: string]
const extensions = (list: string[]): Extension[] => list.map((extension) => [bits.get(extension) ?? 0, extension])
const order: Record<Importer, Extension[]> = {
  typescript: extensions([...typescript, ...javascript, ...rest]),
  javascript: extensions([...javascript, ...typescript, ...rest]),
}

/** What a compiled name was written as. Source: typescriptlang.org, module resolution, "file extension substitution". */
const twins = new Map<string, Extension[]>([
  ['.js', extensions(['.ts', '.tsx', '.d.ts', '.jsx'])],
  ['.jsx', extensions(['.tsx', '.d.ts'])],
  ['.mjs', extensions(['.mts', '.d.mts'])],
  ['.cjs', extensions(['.cts', '.d.cts'])],
])

export function createFiles(paths: string[]): Files {
  const known = new Map<string, number>()
  for (const path of paths) {
    const extension = extensionOf(path)
    const bit = bits.get(extension)
    if (bit === undefined) known.set(path, (known.get(path) ?? 0) | isThere)
    else {
      const stem = path.slice(0, -extension.length)
      known.set(stem, (known.get(stem) ?? 0) | bit)
    }
  }

  const completed = (stem: string, importer: Importer) => withFirst(stem, known.get(stem) ?? 0, order[importer])
  const named = (path: string, importer: Importer) => {
    const there = known.get(path) ?? 0
    if ((there & isThere) !== 0) return path
    const extension = extensionOf(path)
    const bit = extension === '' ? undefined : bits.get(extension)
    if (bit !== undefined) {
      const stem = path.slice(0, -extension.length)
      const written = known.get(stem) ?? 0
      if ((written & bit) !== 0) return path
      const twin = withFirst(stem, written, twins.get(extension) ?? [])
      if (twin !== null) return twin
    }
    return withFirst(path, there, order[importer])
  }

  let directories: Set<string> | undefined
  return {
    paths,
    has: (path) => {
      const extension = extensionOf(path)
      const bit = bits.get(extension)
      const there = known.get(bit === undefined ? path : path.slice(0, -extension.length)) ?? 0
      return (there & (bit ?? isThere)) !== 0
    },
    hasDirectory: (directory) => {
      directories ??= directoriesOf(paths)
      return directories.has(directory)
    },
    below: (directory) => paths.filter((path) => directory === '' || path.startsWith(`${directory}/`)),
    completed,
    named,
    module: (path, importer) => named(path, importer) ?? completed(path === '' ? 'index' : `${path}/index`, importer),
  }
}

/** Files come by directory, mostly. */
function directoriesOf(paths: string[]): Set<string> {
  const found = new Set<string>()
  let last: string | null = null
  for (const path of paths) {
    const directory = directoryOf(path)
    if (directory === last) continue
    last = directory
    for (const up of directoriesUp(directory)) {
      if (found.has(up)) break
      found.add(up)
    }
  }
  return found
}

/** The stem with the first of the extensions that it has there. */
function withFirst(stem: string, there: number, wanted: Extension[]): string | null {
  if (there <= isThere) return null
  for (const [bit, extension] of wanted) {
    if ((there & bit) !== 0) return stem + extension
  }
  return null
}

/** `.d.ts` counts as one extension. A file that is all extension has none. */
function extensionOf(path: string): string {
  const dot = path.lastIndexOf('.')
  if (dot <= path.lastIndexOf('/') + 1) return ''
  const extension = path.slice(dot)
  if (extension !== '.ts' && extension !== '.mts' && extension !== '.cts') return extension
  return path.endsWith('.d', dot) ? `.d${extension}` : extension
}
