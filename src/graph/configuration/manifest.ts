import { asObject, asString, asStrings } from './json.ts'
import type { JsonObject } from './json.ts'
import { parseJsonc } from './jsonc.ts'

/** What the map needs of a package.json. Sources: nodejs.org/api/packages.html, docs.npmjs.com package.json. */
export type Manifest = {
  name: string | null
  /** Raw: the resolver walks conditions itself. */
  exports: unknown
  imports: JsonObject
  /** `source`, `main`, `module`, `browser` and `types`, as far as they are strings. */
  mains: string[]
  bins: string[]
  scripts: string[]
  /** Globs of workspace members. */
  workspaces: string[]
  /** Package names and the specifications they are asked for with, of all kinds of dependencies. */
  dependencies: { [name: string]: string }
}

const mainFields = ['source', 'module', 'main', 'browser', 'svelte', 'types', 'typings']
const dependencyFields = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']

/** Null when the text is no JSON object. */
export function readManifest(text: string): Manifest | null {
  const json = asObject(parseJsonc(text))
  if (json === null) return null
  const workspaces = asObject(json['workspaces'])
  return {
    name: asString(json['name']),
    exports: json['exports'] ?? null,
    imports: asObject(json['imports']) ?? {},
    mains: strings(mainFields.map((field) => json[field])),
    bins: typeof json['bin'] === 'string' ? [json['bin']] : strings(Object.values(asObject(json['bin']) ?? {})),
    scripts: strings(Object.values(asObject(json['scripts']) ?? {})),
    workspaces: asStrings(workspaces === null ? json['workspaces'] : workspaces['packages']),
    dependencies: Object.fromEntries(
      dependencyFields.flatMap((field) =>
        Object.entries(asObject(json[field]) ?? {}).flatMap(([name, wanted]) =>
          typeof wanted === 'string' ? [[name, wanted] as const] : [],
        ),
      ),
    ),
  }
}

/** The `packages` of a pnpm-workspace.yaml, read by line: block and flow lists of plain or quoted globs. */
export function readPnpmWorkspace(text: string): string[] {
  const globs: string[] = []
  let inside = false
  for (const line of text.split('\n')) {
    const start = /^packages\s*:(.*)$/.exec(line)
    if (start !== null) {
      const flow = /^\s*\[(.*)\]/.exec(start[1] ?? '')
      if (flow !== null) globs.push(...(flow[1] ?? '').split(',').map(unquoted))
      inside = flow === null
    } else if (/^[^\s#-]/.test(line)) inside = false
    else if (inside) {
      const item = /^\s*-\s+(.*)$/.exec(line)
      if (item !== null) globs.push(unquoted(item[1] ?? ''))
    }
  }
  return globs.filter((glob) => glob !== '')
}

function unquoted(item: string): string {
  const text = item.trim()
  const quote = text[0]
  if (quote === '"' || quote === "'") return text.slice(1, Math.max(1, text.indexOf(quote, 1)))
  return text.replace(/\s+#.*$/, '').trim()
}

function strings(values: unknown[]): string[] {
  return values.filter((value) => typeof value === 'string')
}
