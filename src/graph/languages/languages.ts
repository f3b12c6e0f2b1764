import type { Files } from '../resolve/files.ts'
import { createC } from './c/c.ts'
import { createGo } from './go/go.ts'
import { createJava } from './java/java.ts'
import type { Links } from './language.ts'
import { createPython } from './python/python.ts'
import type { LanguageReading } from './readers.ts'
import { createRust } from './rust/rust.ts'

/** The languages of a tree other than JavaScript and TypeScript. */
export type Languages = {
  connect(path: string, reading: LanguageReading, links: Links): void
  entryPoints(): string[]
}

type Of<Kind extends LanguageReading['kind']> = Map<string, Extract<LanguageReading, { kind: Kind }>>

export function createLanguages(readings: Map<string, LanguageReading>, files: Files): Languages {
  const of = <Kind extends LanguageReading['kind']>(kind: Kind): Of<Kind> => {
    const found: Of<Kind> = new Map()
    for (const [path, reading] of readings) {
      if (isOf(reading, kind)) found.set(path, reading)
    }
    return found
  }
  const go = createGo(of('go'), of('go-module'), files)
  const python = createPython(of('python'), new Map([...of('pyproject'), ...of('setup-cfg')]), files)
  const manifests = [...of('cargo')].flatMap(([path, { manifest }]) => (manifest ? [[path, manifest] as const] : []))
  const rust = createRust(of('rust'), new Map(manifests), files)
  const java = createJava(of('java'))
  const c = createC(of('c'), files)
  return {
    connect: (path, reading, links) => {
      switch (reading.kind) {
        case 'go':
          return go.connect(path, reading, links)
        case 'python':
          return python.connect(path, reading, links)
        case 'rust':
          return rust.connect(path, reading, links)
        case 'java':
          return java.connect(path, reading, links)
        case 'c':
          return c.connect(path, reading, links)
        case 'cargo':
          return reading.manifest === null ? links.unparsed('it is no TOML') : undefined
        case 'go-module':
        case 'pyproject':
        case 'setup-cfg':
          return undefined
      }
    },
    entryPoints: () => [go, python, rust, java, c].flatMap((language) => language.entryPoints()),
  }
}

function isOf<Kind extends LanguageReading['kind']>(
  reading: LanguageReading,
  kind: Kind,
): reading is Extract<LanguageReading, { kind: Kind }> {
  return reading.kind === kind
}
