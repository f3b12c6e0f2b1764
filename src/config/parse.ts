import stringify from 'fast-json-stable-stringify'
import { ConfigSchema, type Config, type Settings } from '../config.ts'
import { faultsOf, type SettingFault } from './faults.ts'
import { lintSettings } from './lint.ts'
import { settle } from './settle.ts'
import { readYaml, type ConfigFault, type Path } from './yaml.ts'

/** `canonical` is the same text for the same settings, however they were written: it is what a digest is taken of. */
type Read = { config: Config; canonical: string }

/** `rest` is what stands without the sections that have faults: label, theme and people are known all the same. */
export type ParsedConfig = ({ ok: true } & Read) | { ok: false; faults: ConfigFault[]; rest: Read }

/** Reads the text of `.github/pawl.yml`: the configuration, or every fault in it. An empty text is all defaults. */
export function parseConfig(text: string): ParsedConfig {
  const yaml = readYaml(text)
  if (!yaml.ok) return { ...yaml, rest: restOf({}, []) }
  const input = withoutNulls(yaml.value) ?? {}
  const parsed = ConfigSchema.safeParse(input)
  const found: SettingFault[] = parsed.success
    ? lintSettings(parsed.data)
    : parsed.error.issues.flatMap((issue) => faultsOf(issue, input))
  if (parsed.success && found.length === 0) return { ok: true, ...read(parsed.data) }
  const faults = found.map(({ path, key, message, remedy }): ConfigFault => {
    return { ...yaml.locate(path, key), path: pathText(key === undefined ? path : [...path, key]), message, remedy }
  })
  return {
    ok: false,
    faults: faults.sort((a, b) => a.line - b.line || a.column - b.column),
    rest: restOf(input, found),
  }
}

function read(settings: Settings): Read {
  const config = settle(settings)
  return { config, canonical: stringify(config) }
}

/** The settings without every section in which something is wrong; the defaults of all where even that does not hold. */
function restOf(input: unknown, found: SettingFault[]): Read {
  const wrong = new Set(found.map(({ path, key }) => String(path[0] ?? key)))
  const sound = Object.entries(Object(input) as object).filter(([key]) => !wrong.has(key))
  const parsed = ConfigSchema.safeParse(Object.fromEntries(sound))
  return read(parsed.success && lintSettings(parsed.data).length === 0 ? parsed.data : ConfigSchema.parse({}))
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
