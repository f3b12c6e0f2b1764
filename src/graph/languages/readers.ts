import type { CReading } from './c/scan.ts'
import type { GoModuleReading } from './go/module.ts'
import type { GoReading } from './go/scan.ts'
import type { JavaReading } from './java/scan.ts'
import type { PythonProjectReading } from './python/project.ts'
import type { PythonReading } from './python/scan.ts'
import type { CargoReading } from './rust/manifest.ts'
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
export const languageReaders: ReadonlySet<string> = new Set([...sourceLanguages, ...Object.values(projectFiles)])

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
