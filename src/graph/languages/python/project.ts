import { parse } from 'smol-toml'

import { asObject, asString, asStrings } from '../../configuration/json.ts'
import type { JsonObject } from '../../configuration/json.ts'

/** What the map needs of a pyproject.toml or a setup.cfg. */
export type PythonProjectReading = {
  /** Directories, relative to this one, that modules are looked for in. */
  roots: string[]
  /** The modules that the project's commands begin in. */
  scripts: string[]
}

/** Source: packaging.python.org, "pyproject.toml specification"; the guides of setuptools, Poetry, Hatch and pytest. */
export function readPyproject(text: string): PythonProjectReading {
  const toml = parsed(text)
  if (toml === null) return { roots: [], scripts: [] }
  const setuptools = at(toml, 'tool', 'setuptools')
  const poetry = at(toml, 'tool', 'poetry')
  const packages = Array.isArray(poetry['packages']) ? poetry['packages'] : []
  const roots = [
    ...asStrings(at(setuptools, 'packages', 'find')['where']),
    ...strings(at(setuptools, 'package-dir')),
    ...packages.flatMap((each: unknown) => asString(asObject(each)?.['from']) ?? []),
    ...asStrings(at(toml, 'tool', 'pytest', 'ini_options')['pythonpath']),
    ...asStrings(at(toml, 'tool', 'hatch', 'build', 'targets', 'wheel')['sources']),
  ]
  const project = at(toml, 'project')
  const tables = [at(project, 'scripts'), at(project, 'gui-scripts'), at(poetry, 'scripts')]
  return { roots, scripts: tables.flatMap(strings).map(moduleOf) }
}

/** Source: setuptools.pypa.io, "Configuring setuptools using setup.cfg files". */
export function readSetupCfg(text: string): PythonProjectReading {
  const reading: PythonProjectReading = { roots: [], scripts: [] }
  let section = ''
  let key = ''
  for (const line of text.split('\n').map((each) => each.slice(0, 500).trimEnd())) {
    if (line.startsWith('[')) {
      section = line.slice(1, -1)
      key = ''
      continue
    }
    const equals = line.indexOf('=')
    if (/^\w/.test(line)) key = line.slice(0, equals < 0 ? undefined : equals).trim()
    const value = line.slice(equals + 1).trim()
    if (value === '' || equals < 0) continue
    if (section === 'options.packages.find' && key === 'where') reading.roots.push(value)
    if (section === 'options' && key === 'package_dir') reading.roots.push(value)
    if (section === 'options.entry_points' && /^(?:console|gui)_scripts$/.test(key))
      reading.scripts.push(moduleOf(value))
  }
  return reading
}

/** `package.module:function [extra]` */
function moduleOf(reference: string): string {
  return reference.split(':', 1)[0]?.trim() ?? ''
}

function parsed(text: string): JsonObject | null {
  try {
    return asObject(parse(text))
  } catch {
    return null
  }
}

function at(object: JsonObject, ...keys: string[]): JsonObject {
  return keys.reduce((inner, key) => (Object.hasOwn(inner, key) && asObject(inner[key])) || {}, object)
}

function strings(object: JsonObject): string[] {
  return Object.values(object).filter((value) => typeof value === 'string')
}
