import { readGoModule } from './go/module.ts'
import type { GoModuleReading } from './go/module.ts'
import { scanGo } from './go/scan.ts'
import type { GoReading } from './go/scan.ts'
import { readPyproject, readSetupCfg } from './python/project.ts'
import type { PythonProjectReading } from './python/project.ts'
import { scanPython } from './python/scan.ts'
import type { PythonReading } from './python/scan.ts'
import { readCargo } from './rust/manifest.ts'
import type { CargoReading } from './rust/manifest.ts'
import { scanRust } from './rust/scan.ts'
import type { RustReading } from './rust/scan.ts'

/** What sources and project files of languages other than JavaScript and TypeScript say. */
export type LanguageReading =
  | ({ kind: 'go' } & GoReading)
  | ({ kind: 'go-module' } & GoModuleReading)
  | ({ kind: 'python' } & PythonReading)
  | ({ kind: 'pyproject' | 'setup-cfg' } & PythonProjectReading)
  | ({ kind: 'rust' } & RustReading)
  | { kind: 'cargo'; manifest: CargoReading | null }

export const sourceLanguages = ['go', 'python', 'rust'] as const
export type SourceLanguage = (typeof sourceLanguages)[number]
export type LanguageReader = LanguageReading['kind']

const readers: Record<string, LanguageReader> = { go: 'go', py: 'python', pyi: 'python', pyw: 'python', rs: 'rust' }
const projectFiles: Record<string, LanguageReader> = {
  'go.mod': 'go-module',
  'pyproject.toml': 'pyproject',
  'setup.cfg': 'setup-cfg',
  'Cargo.toml': 'cargo',
}

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
    case 'python':
      return { kind: reader, ...scanPython(content.toString('latin1')) }
    case 'pyproject':
      return { kind: reader, ...readPyproject(content.toString('utf8')) }
    case 'setup-cfg':
      return { kind: reader, ...readSetupCfg(content.toString('utf8')) }
    case 'rust':
      return { kind: reader, ...scanRust(content.toString('latin1')) }
    case 'cargo':
      return { kind: reader, manifest: readCargo(content.toString('utf8')) }
  }
}

/** What a reading says that decides where the imports of other files lead; null when it says nothing of that kind. */
export function decisionOf(reading: LanguageReading): unknown {
  switch (reading.kind) {
    case 'go':
      return [reading.package, reading.main]
    case 'rust':
      return reading.modules
    case 'python':
      return null
    case 'cargo':
    case 'go-module':
    case 'pyproject':
    case 'setup-cfg':
      return reading
  }
}
