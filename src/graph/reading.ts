import { readDockerfile } from './configuration/dockerfile.ts'
import type { DockerReading } from './configuration/dockerfile.ts'
import { asObject, asStrings } from './configuration/json.ts'
import { parseJsonc } from './configuration/jsonc.ts'
import { readManifest, readPnpmWorkspace } from './configuration/manifest.ts'
import type { Manifest } from './configuration/manifest.ts'
import { readTsConfig } from './configuration/tsconfig.ts'
import type { TsConfig } from './configuration/tsconfig.ts'
import { readWorkflow } from './configuration/workflow.ts'
import type { WorkflowReading } from './configuration/workflow.ts'
import type { ModuleReading } from './javascript/reading.ts'
import { decisionOf, languageReaders } from './languages/readers.ts'
import type { LanguageReading } from './languages/readers.ts'
import type { ConfigurationReader } from './readers.ts'

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

export function isOfOtherLanguage(reading: Reading): reading is LanguageReading {
  return reading.kind !== 'module' && languageReaders.has(reading.kind)
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

/** So much of a file is looked at to tell a text from other things, as git does. In bytes. */
const telling = 8_000

export function isText(content: Buffer): boolean {
  return !content.subarray(0, telling).includes(0)
}

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
