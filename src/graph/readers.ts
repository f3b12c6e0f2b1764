import { isDockerfile } from './configuration/dockerfile.ts'
import { isTsConfig } from './configuration/tsconfig.ts'
import { isWorkflow } from './configuration/workflow.ts'
import type { Embedding, Language } from './javascript/language.ts'
import { embeddingsByExtension, languagesByExtension } from './javascript/language.ts'
import { isVendored, languageReaders, projectReaders, sourceLanguages, sourceReaders } from './languages/readers.ts'
import type { LanguageReader } from './languages/readers.ts'
import type { TreeEntry } from './repository/tree.ts'

/** Who reads a file. A reading is known by the blob's id and its reader together. */
export type Reader =
  | Language
  | Embedding
  | LanguageReader
  | 'manifest'
  | 'tsconfig'
  | 'pnpm-workspace'
  | 'lerna'
  | 'workflow'
  | 'docker'
  | 'link'

export type ConfigurationReader = Exclude<Reader, Language | Embedding | LanguageReader>

/** Larger sources are generated or bundled; they are reported as unparsed. In bytes. */
const largestSource = 4_000_000
const largestConfiguration = 1_000_000

/** How many bytes a file of a reader may have. */
export function limitOf(reader: Reader): number {
  return isScript(reader) || isSourceOfLanguage(reader) ? largestSource : largestConfiguration
}

/** Whether a reader reads JavaScript or TypeScript. */
export function isScript(reader: Reader): reader is Language | Embedding {
  return scriptReaders.has(reader)
}

export function isEmbedding(reader: Reader): reader is Embedding {
  return [...embeddingsByExtension.values()].some((embedding) => embedding === reader)
}

/** Sources of other languages and their projects. */
export function isOfLanguage(reader: Reader): reader is LanguageReader {
  return languageReaders.has(reader)
}

export function isSourceOfLanguage(reader: Reader): boolean {
  return sourceLanguages.some((language) => language === reader)
}

const scriptReaders: ReadonlySet<string> = new Set([
  'dts',
  ...languagesByExtension.values(),
  ...embeddingsByExtension.values(),
])
const byExtension = new Map<string, Reader>([...languagesByExtension, ...embeddingsByExtension, ...sourceReaders])

/** Longer paths are hostile, and every look at the directories above them would cost. In UTF-16 units. */
const longestPath = 1_000

/** Null for files that name no others, and for installed packages. */
export function readerOf({ path, kind }: TreeEntry): Reader | null {
  if (kind === 'submodule' || path.length > longestPath || isInstalled(path)) return null
  if (kind === 'link') return 'link'
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  const extension = dot < 0 ? '' : name.slice(dot + 1)
  const reader = byExtension.get(extension) ?? projectReaders.get(name)
  if (reader === 'ts') return name.endsWith('.d', dot) ? 'dts' : reader
  if (reader !== undefined) return isVendored(path, reader) ? null : reader
  return configurationReader(path, name, extension)
}

function isInstalled(path: string): boolean {
  return path.includes('node_modules/') && /(^|\/)node_modules\//.test(path)
}

/** What tests keep as examples builds and runs nothing of this repository. */
const example = /(^|\/)_{0,2}(fixtures?|testdata|snapshots)_{0,2}\//

function configurationReader(path: string, name: string, extension: string): Reader | null {
  switch (extension) {
    case 'json':
      if (name === 'package.json') return 'manifest'
      if (name === 'lerna.json') return 'lerna'
      return isTsConfig(path) ? 'tsconfig' : null
    case 'yml':
    case 'yaml':
      if (name === 'pnpm-workspace.yaml') return 'pnpm-workspace'
      return isWorkflow(path) && !example.test(path) ? 'workflow' : null
    case 'in':
      return /\.h\w{0,2}\.in$/.test(name) ? 'c' : null
    default:
      return isDockerfile(path) && !example.test(path) ? 'docker' : null
  }
}
