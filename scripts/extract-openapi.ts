import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OPERATION_IDS } from '../src/local-github/openapi/operations.ts'
import { WEBHOOK_KEYS } from '../src/local-github/openapi/webhooks.ts'

/*
 * Takes the operations and webhooks that the local GitHub needs out of GitHub's OpenAPI descriptions and writes them, as
 * JSON Schema fit for ajv, to src/local-github/openapi/. The packages unpack to 385 MB, so they are no dependency: they are
 * installed into a temporary folder that is removed again. Run it after changing operations.ts or webhooks.ts.
 */

const REST = '@octokit/openapi@23.0.2'
const WEBHOOKS = '@octokit/openapi-webhooks@12.1.0'
const TARGET = join(import.meta.dirname, '../src/local-github/openapi')

type Json = string | number | boolean | null | Json[] | Node
type Node = { [key: string]: Json }

const isNode = (value: Json | undefined): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Dropped everywhere: texts for people and generators, which no validator reads. */
const PROSE = new Set([
  'description',
  'example',
  'examples',
  'x-github',
  'externalDocs',
  'tags',
  'summary',
  'title',
  'deprecated',
])
/** Their values are data, not schemas: a property may be called `title` only below `properties`. */
const DATA = new Set(['enum', 'default', 'const', 'required'])

function extractor(source: Node) {
  const components: Record<string, Node> = {}

  function at(pointer: string): Json {
    let here: Json = source
    for (const part of pointer.slice(2).split('/')) {
      const next: Json | undefined = isNode(here) ? here[part] : undefined
      if (next === undefined) throw new Error(`${pointer} is named in the description but not part of it`)
      here = next
    }
    return here
  }

  function keep(pointer: string): void {
    const [, , group = '', name = ''] = pointer.split('/')
    const known = (components[group] ??= {})
    if (name in known) return
    // Set before descending: schemas refer to themselves.
    known[name] = null
    known[name] = schema(at(pointer))
  }

  /** OpenAPI 3.0 to plain JSON Schema: `nullable` becomes an alternative, which ajv needs where no type stands beside it. */
  function schema(value: Json): Json {
    if (Array.isArray(value)) return value.map(schema)
    if (!isNode(value)) return value
    if (typeof value.$ref === 'string') {
      keep(value.$ref)
      return { $ref: value.$ref }
    }
    const kept: Node = {}
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'nullable' || PROSE.has(key)) continue
      kept[key] = DATA.has(key) ? inner : key === 'properties' && isNode(inner) ? named(inner) : schema(inner)
    }
    return value.nullable === true ? { anyOf: [kept, { type: 'null' }] } : kept
  }

  /** A map from names to schemas, whose names are kept whatever they are. */
  function named(map: Node): Node {
    return Object.fromEntries(Object.entries(map).map(([name, inner]) => [name, schema(inner)]))
  }

  return { schema, named, components }
}

function read(folder: string, name: string): Node {
  const file = join(folder, 'node_modules', name, 'generated/api.github.com.json')
  const parsed: Json = JSON.parse(readFileSync(file, 'utf8'))
  if (!isNode(parsed)) throw new Error(`${file} holds no object`)
  return parsed
}

function missing(wanted: readonly string[], found: Set<string>, where: string): void {
  const absent = wanted.filter((name) => !found.has(name))
  if (absent.length > 0)
    throw new Error(`${where} has no ${absent.join(', ')}: correct the list in operations.ts or webhooks.ts`)
}

function extractRest(source: Node): Node {
  const { schema, named, components } = extractor(source)
  const found = new Set<string>()
  const paths: Node = {}
  for (const [path, methods] of Object.entries(isNode(source.paths) ? source.paths : {})) {
    if (!isNode(methods)) continue
    for (const [method, operation] of Object.entries(methods)) {
      if (!isNode(operation) || typeof operation.operationId !== 'string') continue
      const id = operation.operationId
      if (!OPERATION_IDS.includes(id)) continue
      found.add(id)
      const docs = isNode(operation.externalDocs) ? (operation.externalDocs.url ?? '') : ''
      const at = paths[path]
      const { parameters = [], requestBody, responses } = operation
      paths[path] = {
        ...(isNode(at) ? at : {}),
        [method]: {
          operationId: id,
          docs,
          parameters: schema(parameters),
          ...(requestBody === undefined ? {} : { requestBody: schema(requestBody) }),
          responses: isNode(responses) ? named(responses) : {},
        },
      }
    }
  }
  missing(OPERATION_IDS, found, REST)
  return { source: REST, licence: 'MIT, see LICENSE-openapi.md', paths, components }
}

function extractWebhooks(source: Node): Node {
  const { schema, components } = extractor(source)
  const all = isNode(source.webhooks) ? source.webhooks : {}
  const webhooks: Node = {}
  for (const key of WEBHOOK_KEYS) {
    const hook = all[key]
    const post = isNode(hook) && isNode(hook.post) ? hook.post : {}
    const body = isNode(post.requestBody) && isNode(post.requestBody.content) ? post.requestBody.content : {}
    const json = body['application/json']
    if (isNode(json) && json.schema !== undefined) webhooks[key] = schema(json.schema)
  }
  missing(WEBHOOK_KEYS, new Set(Object.keys(webhooks)), WEBHOOKS)
  return { source: WEBHOOKS, licence: 'MIT, see LICENSE-openapi.md', webhooks, components }
}

function write(name: string, content: Node): void {
  const text = `${JSON.stringify(content)}\n`
  writeFileSync(join(TARGET, name), text)
  process.stdout.write(`${name}: ${Math.round(text.length / 1024)} KB\n`)
}

const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
try {
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', REST, WEBHOOKS]
  execFileSync('npm', install, { cwd: folder, stdio: 'inherit' })
  write('rest.json', extractRest(read(folder, '@octokit/openapi')))
  write('webhooks.json', extractWebhooks(read(folder, '@octokit/openapi-webhooks')))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
