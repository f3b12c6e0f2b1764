import { readDockerfile, isDockerfile } from './configuration/dockerfile.ts'
import type { DockerReading } from './configuration/dockerfile.ts'
import { asObject, asStrings } from './configuration/json.ts'
import { parseJsonc } from './configuration/jsonc.ts'
import { readManifest, readPnpmWorkspace } from './configuration/manifest.ts'
import type { Manifest } from './configuration/manifest.ts'
import { isTsConfig, readTsConfig } from './configuration/tsconfig.ts'
import type { TsConfig } from './configuration/tsconfig.ts'
import { isWorkflow, readWorkflow } from './configuration/workflow.ts'
import type { WorkflowReading } from './configuration/workflow.ts'
import { embeddingOf, languageOf } from './javascript/language.ts'
import type { Embedding, Language } from './javascript/language.ts'
import type { ModuleReading } from './javascript/reading.ts'
import { decisionOf, languageReader, languageReaders, sourceLanguages } from './languages/readers.ts'
import type { LanguageReader, LanguageReading } from './languages/readers.ts'
import type { TreeEntry } from './repository/tree.ts'

/** What a blob says, whatever its path: all that the map keeps of a file. */
export type Reading =
  | ({ kind: 'module' } & ModuleReading)
  | LanguageReading
  | { kind: 'manifest'; manifest: Manifest | null }
  | { kind: 'tsconfig'; config: TsConfig | null }
  | { kind: 'workspace'; globs: string[] }
  | ({ kind: 'workflow' } & WorkflowReading)
  | ({ kind: 'docker' } & DockerReading)
  | { kind: 'link'; target: string }

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

/** Larger sources are generated or bundled; they are reported as unparsed. In bytes. */
export const largestSource = 4_000_000
const largestConfiguration = 1_000_000

/** How many bytes a file of a reader may have. */
export function limitOf(reader: Reader): number {
  return isScript(reader) || isSourceOfLanguage(reader) ? largestSource : largestConfiguration
}

/** Whether a reader reads JavaScript or TypeScript. */
export function isScript(reader: Reader): reader is Language | Embedding {
  return reader in scriptReaders
}

/** Sources of other languages and their projects. */
export function isOfLanguage(reader: Reader): reader is LanguageReader {
  return languageReaders.has(reader)
}

export function isSourceOfLanguage(reader: Reader): boolean {
  return sourceLanguages.some((language) => language === reader)
}

export function isOfOtherLanguage(reading: Reading): reading is LanguageReading {
  return languageReaders.has(reading.kind)
}

/** Whether what a file says now decides otherwise than before where the specifiers of others lead. */
export function decidesForOthers(now: Reading | undefined, before: Reading | undefined): boolean {
  return decisive(now) !== decisive(before)
}

/** Two readings that say the same of this decide the same. */
function decisive(reading: Reading | undefined): string {
  if (reading === undefined) return ''
  switch (reading.kind) {
    case 'manifest':
    case 'tsconfig':
    case 'workspace':
      return JSON.stringify(reading)
    case 'module':
    case 'workflow':
    case 'docker':
    case 'link':
      return ''
    default:
      return JSON.stringify(decisionOf(reading))
  }
}

const scriptReaders: Record<Language | Embedding, true> = {
  jsx: true,
  ts: true,
  tsx: true,
  dts: true,
  vue: true,
  svelte: true,
  astro: true,
}

/** Null for files that name no others, and for installed packages. */
export function readerOf({ path, kind }: TreeEntry): Reader | null {
  if (kind === 'submodule') return null
  if (path.includes('node_modules/') && /(^|\/)node_modules\//.test(path)) return null
  if (kind === 'link') return 'link'
  return languageOf(path) ?? embeddingOf(path) ?? languageReader(path) ?? configurationReader(path)
}

/** What tests keep as examples builds and runs nothing of this repository. */
const example = /(^|\/)_{0,2}(fixtures?|testdata|snapshots)_{0,2}\//

function configurationReader(path: string): Reader | null {
  if (path.endsWith('.json')) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (name === 'package.json') return 'manifest'
    if (name === 'lerna.json') return 'lerna'
    return isTsConfig(path) ? 'tsconfig' : null
  }
  if (path.endsWith('.yml') || path.endsWith('.yaml')) {
    if (path.endsWith('pnpm-workspace.yaml')) return 'pnpm-workspace'
    return isWorkflow(path) && !example.test(path) ? 'workflow' : null
  }
  return isDockerfile(path) && !example.test(path) ? 'docker' : null
}

/** So much of a file is looked at to tell a text from other things, as git does. In bytes. */
const telling = 8_000

export function isText(content: Buffer): boolean {
  return !content.subarray(0, telling).includes(0)
}

export type ConfigurationReader = Exclude<Reader, Language | Embedding | LanguageReader>

export function readConfiguration(reader: ConfigurationReader, content: Buffer): Reading {
  const text = content.toString('utf8')
  switch (reader) {
    case 'manifest':
      return { kind: 'manifest', manifest: readManifest(text) }
    case 'tsconfig':
      return { kind: 'tsconfig', config: readTsConfig(text) }
    case 'pnpm-workspace':
      return { kind: 'workspace', globs: readPnpmWorkspace(text) }
    case 'lerna':
      return { kind: 'workspace', globs: asStrings(asObject(parseJsonc(text))?.['packages']) }
    case 'workflow':
      return { kind: 'workflow', ...readWorkflow(text) }
    case 'docker':
      return { kind: 'docker', ...readDockerfile(text) }
    case 'link':
      return { kind: 'link', target: text }
  }
}
