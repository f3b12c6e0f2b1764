import { parse } from 'smol-toml'

import { asObject, asString } from '../../configuration/json.ts'
import type { JsonObject } from '../../configuration/json.ts'

export type CargoDependency = {
  /** The name that it is asked for by. */
  key: string
  /** Its own name, where it is given another. */
  package: string | null
  path: string | null
  /** Whether the workspace says what it is. */
  workspace: boolean
}

/** What the map needs of a Cargo.toml. Source: doc.rust-lang.org/cargo/reference/manifest.html. */
export type CargoReading = {
  name: string | null
  lib: { name: string | null; path: string | null }
  /** The files of programs, and of tests, examples and benches, as far as they are named. */
  bins: string[]
  others: string[]
  dependencies: CargoDependency[]
  /** What the members of its workspace may ask for, and packages that take the place of published ones. */
  shared: CargoDependency[]
  patches: CargoDependency[]
}

const kinds = ['dependencies', 'dev-dependencies', 'build-dependencies', 'dev_dependencies', 'build_dependencies']

/** Null when the text is no TOML. */
export function readCargo(text: string): CargoReading | null {
  let toml: JsonObject | null
  try {
    toml = asObject(parse(text))
  } catch {
    return null
  }
  if (toml === null) return null
  const lib = table(toml, 'lib')
  const build = asString(table(toml, 'package')['build'])
  const platforms = Object.values(table(toml, 'target'))
    .map(asObject)
    .filter((each) => each !== null)
  return {
    name: asString(table(toml, 'package')['name']),
    lib: { name: asString(lib['name']), path: asString(lib['path']) },
    bins: pathsOf(toml['bin']),
    others: [
      ...pathsOf(toml['test']),
      ...pathsOf(toml['example']),
      ...pathsOf(toml['bench']),
      ...(build === null ? [] : [build]),
    ],
    dependencies: [toml, ...platforms].flatMap((each) => kinds.flatMap((kind) => dependenciesOf(each[kind]))),
    shared: dependenciesOf(table(toml, 'workspace')['dependencies']),
    patches: Object.values(table(toml, 'patch')).flatMap((each: unknown) => dependenciesOf(each)),
  }
}

/** An empty table where there is none. */
function table(object: JsonObject, key: string): JsonObject {
  return (Object.hasOwn(object, key) && asObject(object[key])) || {}
}

function pathsOf(targets: unknown): string[] {
  return Array.isArray(targets) ? targets.flatMap((each: unknown) => asString(asObject(each)?.['path']) ?? []) : []
}

function dependenciesOf(value: unknown): CargoDependency[] {
  return Object.entries(asObject(value) ?? {}).map(([key, wanted]) => {
    const details = asObject(wanted) ?? {}
    return {
      key,
      package: asString(details['package']),
      path: asString(details['path']),
      workspace: details['workspace'] === true,
    }
  })
}
