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
export const sourceReaders: [extension: string, LanguageReader][] = extensions.flatMap(([reader, all]) =>
  all.split(' ').map((extension): [string, LanguageReader] => [extension, reader]),
)
/** By the names of their files. */
export const projectReaders = new Map<string, LanguageReader>([
  ['go.mod', 'go-module'],
  ['pyproject.toml', 'pyproject'],
  ['setup.cfg', 'setup-cfg'],
  ['Cargo.toml', 'cargo'],
])
export const languageReaders: ReadonlySet<string> = new Set([...sourceLanguages, ...projectReaders.values()])

/** Go and others keep copies of what they need from outside in directories of this name. */
const vendored = /(?:^|\/)vendor\//

/** Whether a source belongs to a package from outside. */
export function isVendored(path: string, reader: string): boolean {
  return (reader === 'go' || reader === 'go-module') && vendored.test(path)
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
