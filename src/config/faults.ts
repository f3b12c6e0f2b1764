import { z } from 'zod'
import { ConfigSchema } from '../config.ts'
import { nearest } from './nearest.ts'
import type { Path } from './yaml.ts'

/** A fault before it has a place: `key` when the key itself is at fault and not its value. */
export type SettingFault = { path: Path; key?: string; message: string; remedy: string }

/** What zod found, in words of a settings file; one fault for each unknown key. */
export function faultsOf(issue: z.core.$ZodIssue, input: unknown): SettingFault[] {
  const path = [...issue.path]
  const given = valueAt(input, path)
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path, input)
    return issue.keys.map((key) => ({
      path,
      key,
      message: `${key} is not a setting here`,
      remedy: spelling(key, known),
    }))
  }
  if (issue.code === 'invalid_key') {
    const message = issue.issues[0]?.message ?? issue.message
    return [{ path: path.slice(0, -1), key: String(path.at(-1)), message, remedy: SEE_MANUAL }]
  }
  if (issue.code === 'invalid_value' && issue.values.length > 1) {
    return [{ path, message: `${said(given)} is none of the possible values`, remedy: spelling(given, issue.values) }]
  }
  if (issue.code === 'invalid_union') {
    return [
      { path, message: issue.message, remedy: spelling(given, 'options' in issue ? (issue.options as string[]) : []) },
    ]
  }
  // Zod's own sentences speak of types; ours, which come from the schema, are kept.
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')) {
    if (given === undefined) return [{ path, message: 'this key is needed and is not there', remedy: SEE_MANUAL }]
    const kind = KINDS[issue.expected] ?? issue.expected
    const remedy = issue.expected === 'string' ? 'write it in quotes' : SEE_MANUAL
    return [{ path, message: `${said(given)} is not ${kind}`, remedy }]
  }
  return [{ path, message: issue.message, remedy: SEE_MANUAL }]
}

const SEE_MANUAL = 'docs/configuration.md lists every key with its default'

const KINDS: Record<string, string> = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'a section of keys',
  record: 'a section of keys',
}

function said(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a section of keys'
  return String(value).slice(0, 60)
}

function spelling(given: unknown, known: readonly unknown[]): string {
  const names = known.map(String)
  const near = typeof given === 'string' ? nearest(given, names) : null
  if (near !== null) return `did you mean ${near}?`
  return names.length === 0 ? SEE_MANUAL : `possible here: ${names.join(', ')}`
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => {
    return typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined
  }, input)
}

/** The keys that the schema knows at a path; the input decides which variant of a union is meant. */
export function knownKeys(path: Path, input: unknown): string[] {
  let schema = bare(ConfigSchema, input)
  for (const [index, part] of path.entries()) {
    const inner = valueAt(input, path.slice(0, index + 1))
    if (schema instanceof z.ZodObject) schema = bare(schema.shape[String(part)], inner)
    else if (schema instanceof z.ZodArray) schema = bare(schema.element, inner)
    else return []
  }
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape)
  if (schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum) return schema.keyType.options.map(String)
  return []
}

/** A schema without its default and its leave to be absent. */
function bare(schema: unknown, input: unknown): unknown {
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const fits = (option: unknown) =>
      option instanceof z.ZodObject &&
      Object.keys(option.shape).includes('use') &&
      option.shape['use'].safeParse(valueAt(input, ['use'])).success
    return schema.options.find(fits)
  }
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return bare(schema.unwrap(), input)
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return bare(schema.unwrap(), input)
  return schema
}
