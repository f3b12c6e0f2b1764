import { isAlias, isMap, isNode, isPair, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml'
import { nestsTooDeeply } from './nesting.ts'

/** One thing wrong with a configuration file. `line` and `column` count from 1; `path` is as in `approval.count.high`. */
export type ConfigFault = { line: number; column: number; path: string; message: string; remedy: string }

export type Path = PropertyKey[]
export type Place = { line: number; column: number }

/** What a YAML text says, and where in the text each value stands. */
export type ReadYaml =
  | { ok: true; value: unknown; locate(path: Path, key?: string): Place }
  | { ok: false; faults: ConfigFault[] }

const LARGEST = 64 * 1024
const DEEPEST = 20

/**
 * Reads YAML 1.2 as plain data. What a settings file has no use for is refused and not interpreted: aliases (with which a
 * small file names a huge value), tags, several documents, keys that are not words.
 */
export function readYaml(text: string): ReadYaml {
  if (new TextEncoder().encode(text).length > LARGEST) {
    return only('the file is larger than 64 KB', 'keep only settings in it')
  }
  if (nestsTooDeeply(text)) return only('the file is nested too deeply', 'write it as in docs/configuration.md')
  const lines = new LineCounter()
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true, lineCounter: lines, prettyErrors: false })
  const faults = document.errors.concat(document.warnings as never[]).map((problem) => {
    return { ...place(lines, problem.pos[0]), path: '', message: problem.message, remedy: syntaxRemedy(problem.code) }
  })
  if (faults.length === 0) faults.push(...strangers(document, lines))
  if (faults.length > 0) return { ok: false, faults }
  return {
    ok: true,
    value: document.toJS({ maxAliasCount: 0 }),
    locate: (path, key) => place(lines, offsetOf(document, path, key)),
  }
}

function strangers(document: Document.Parsed, lines: LineCounter): ConfigFault[] {
  const faults: ConfigFault[] = []
  const refuse = (offset: number, message: string, remedy: string) =>
    faults.push({ ...place(lines, offset), path: '', message, remedy })
  visit(document, (_, node, ancestors) => {
    if (ancestors.length > DEEPEST) {
      refuse(
        isNode(node) ? (node.range?.[0] ?? 0) : 0,
        'this is nested too deeply',
        'write it as in docs/configuration.md',
      )
      return visit.BREAK
    }
    if (isAlias(node)) refuse(node.range?.[0] ?? 0, `*${node.source} is an alias`, 'write the value out')
    else if (isNode(node) && node.tag !== undefined && node.tag.startsWith('!')) {
      refuse(node.range?.[0] ?? 0, `${node.tag} is a tag`, 'write the plain value')
    } else if (isPair(node) && !(isScalar(node.key) && typeof node.key.value === 'string')) {
      refuse(
        isNode(node.key) ? (node.key.range?.[0] ?? 0) : 0,
        'this key is not a word',
        'write the key as a plain word',
      )
    }
    return undefined
  })
  return faults
}

/** The offset of a key of a map when asked for one, else of the value, else of the nearest thing around it. */
function offsetOf(document: Document.Parsed, path: Path, key?: string): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (!isNode(node)) continue
    if (key !== undefined && length === path.length && isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key)
      if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0] ?? 0
    }
    return node.range?.[0] ?? 0
  }
  return 0
}

function place(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function only(message: string, remedy: string): ReadYaml {
  return { ok: false, faults: [{ line: 1, column: 1, path: '', message, remedy }] }
}

const REMEDIES: Record<string, string> = {
  TAB_AS_INDENT: 'indent with spaces',
  DUPLICATE_KEY: 'keep one of them',
  MULTIPLE_DOCS: 'keep one document: leave out the line ---',
  BAD_ALIAS: 'write the value out',
  TAG_RESOLVE_FAILED: 'write the plain value',
}

function syntaxRemedy(code: string): string {
  return REMEDIES[code] ?? 'put the YAML right here; indentation and quotes are the usual causes'
}
