import { scanC } from './c/scan.ts'
import { readGoModule } from './go/module.ts'
import { scanGo } from './go/scan.ts'
import { scanJava } from './java/scan.ts'
import { readPyproject, readSetupCfg } from './python/project.ts'
import { scanPython } from './python/scan.ts'
import type { LanguageReader, LanguageReading } from './readers.ts'
import { readCargo } from './rust/manifest.ts'
import { scanRust } from './rust/scan.ts'

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
