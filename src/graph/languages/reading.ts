import { readGoModule } from './go/module.ts'
import type { GoModuleReading } from './go/module.ts'
import { scanGo } from './go/scan.ts'
import type { GoReading } from './go/scan.ts'

/** What sources and project files of languages other than JavaScript and TypeScript say. */
export type LanguageReading = ({ kind: 'go' } & GoReading) | ({ kind: 'go-module' } & GoModuleReading)

export const sourceLanguages = ['go'] as const
export type SourceLanguage = (typeof sourceLanguages)[number]
export type LanguageReader = LanguageReading['kind']

const readers: Record<string, LanguageReader> = { go: 'go' }
const projectFiles: Record<string, LanguageReader> = { 'go.mod': 'go-module' }

/** Go and others keep copies of what they need from outside in directories of this name. */
const vendored = /(?:^|\/)vendor\//

/** Null for other files, and for sources that belong to packages from outside. */
export function languageReader(path: string): LanguageReader | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const reader = Object.hasOwn(projectFiles, name) ? projectFiles[name] : readers[name.slice(name.lastIndexOf('.') + 1)]
  if (reader === undefined || (reader.startsWith('go') && vendored.test(path))) return null
  return reader
}

export function readLanguage(reader: LanguageReader, content: Buffer): LanguageReading {
  switch (reader) {
    case 'go':
      return { kind: reader, ...scanGo(content.toString('latin1')) }
    case 'go-module':
      return { kind: reader, ...readGoModule(content.toString('utf8')) }
  }
}

/** What a reading says that decides where the imports of other files lead; null when it says nothing of that kind. */
export function decisionOf(reading: LanguageReading): unknown {
  switch (reading.kind) {
    case 'go':
      return [reading.package, reading.main]
    case 'go-module':
      return reading
  }
}
