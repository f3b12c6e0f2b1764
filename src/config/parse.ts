import stringify from 'fast-json-stable-stringify'
import { ConfigSchema, type Config } from '../config.ts'
import { faultsOf, type SettingFault } from './faults.ts'
import { lintSettings } from './lint.ts'
import { settle } from './settle.ts'
import { readYaml, type ConfigFault, type Path } from './yaml.ts'

/** `canonical` is the same text for the same settings, however they were written: it is what a digest is taken of. */
export type ParsedConfig = { ok: true; config: Config; canonical: string } | { ok: false; faults: ConfigFault[] }

/** Reads the text of `.github/pawl.yml`: the configuration, or every fault in it. An empty text is all defaults. */
export function parseConfig(text: string): ParsedConfig {
  const yaml = readYaml(text)
  if (!yaml.ok) return yaml
  const input = withoutNulls(yaml.value) ?? {}
  const parsed = ConfigSchema.safeParse(input)
  const found: SettingFault[] = parsed.success
    ? lintSettings(parsed.data)
    : parsed.error.issues.flatMap((issue) => faultsOf(issue, input))
  if (parsed.success && found.length === 0) {
    const config = settle(parsed.data)
    return { ok: true, config, canonical: stringify(config) }
  }
  const faults = found.map(({ path, key, message, remedy }): ConfigFault => {
    return { ...yaml.locate(path, key), path: pathText(key === undefined ? path : [...path, key]), message, remedy }
  })
  return { ok: false, faults: faults.sort((a, b) => a.line - b.line || a.column - b.column) }
}

/** A key with nothing behind it, as is left when its lines are commented out, is a key left out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([, inner]) => inner !== null)
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]))
}

function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}
