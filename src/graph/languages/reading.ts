import { scanC } from './c/scan.ts'
import type { CReading } from './c/scan.ts'
import { readGoModule } from './go/module.ts'
import type { GoModuleReading } from './go/module.ts'
import { scanGo } from './go/scan.ts'
import type { GoReading } from './go/scan.ts'
import { scanJava } from './java/scan.ts'
import type { JavaReading } from './java/scan.ts'
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
  | ({ kind: 'java' } & JavaReading)
  | ({ kind: 'c' } & CReading)
  | { kind: 'cargo'; manifest: CargoReading | null }

export const sourceLanguages = ['go', 'python', 'rust', 'java', 'c'] as const
export type LanguageReader = LanguageReading['kind']

const extensions: [LanguageReader, string][] = [
  ['go', 'go'],
  ['python', 'py pyi pyw'],
  ['rust', 'rs'],
  ['java', 'java'],
  ['c', 'c h cc cpp cxx c++ hh hpp hxx h++ inl ipp tpp'],
]
const readers = new Map(extensions.flatMap(([reader, all]) => all.split(' ').map((each) => [each, reader] as const)))
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
  if (/\.h\w{0,2}\.in$/.test(name)) return 'c'
  const reader = Object.hasOwn(projectFiles, name)
    ? projectFiles[name]
    : readers.get(name.slice(name.lastIndexOf('.') + 1))
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
    case 'java':
      return { kind: reader, ...scanJava(content.toString('latin1')) }
    case 'c':
      return { kind: reader, ...scanC(content.toString('latin1')) }
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
    case 'java':
      return reading.package
    case 'python':
    case 'c':
      return null
    case 'cargo':
    case 'go-module':
    case 'pyproject':
    case 'setup-cfg':
      return reading
  }
}
