import { endOfLine, skipTrivia, take, takeString, takeWord } from './cursor.ts'
import type { Cursor } from './cursor.ts'
import { longestSpecifier } from './reading.ts'
import type { Reference, ReferenceKind } from './reading.ts'
import { readRest } from './rest.ts'
import type { Language } from './language.ts'
import { nothing, takeExport, takeImport } from './statements.ts'
import type { Statement } from './statements.ts'
import { referencedPath } from './triple-slash.ts'

/**
 * The references of a source; null when only the parser can tell, because it is written in an unusual way. What it gives is
 * what the parser would find. Nine of ten sources name modules at their top only, which is read without looking at the rest.
 * `text` is the source in Latin-1, whatever it is really in, because that costs nothing; one pass over it.
 */
export function scanReferences(text: string, language: Language): Reference[] | null {
  const found: Reference[] = []
  let seen: Set<string> | null = null
  const add = (named: string, kind: ReferenceKind) => {
    const specifier = decode(named)
    if (found.length < few) {
      if (!found.some((each) => each.specifier === specifier && each.kind === kind)) found.push({ specifier, kind })
      return
    }
    seen ??= new Set(found.map((each) => `${each.kind} ${each.specifier}`))
    if (seen.size < seen.add(`${kind} ${specifier}`).size) found.push({ specifier, kind })
  }
  const cursor: Cursor = { text, at: text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0 }
  if (text.startsWith('#!')) cursor.at = endOfLine(text, cursor.at)
  const comment = (line: string) => {
    const path = referencedPath(line)
    if (path !== null) add(path, 'type')
  }
  if (!skipTrivia(cursor, comment)) return null
  for (;;) {
    const start = cursor.at
    const statement = takeStatement(cursor)
    if (statement === 'unclear') return null
    if (statement === 'other') return readRest(text, start, language, add) ? found : null
    if (statement.specifier !== null) {
      if (statement.specifier === '' || statement.specifier.length > longestSpecifier) return null
      add(statement.specifier, statement.kind)
    }
    if (!skipTrivia(cursor)) return null
  }
}

function takeStatement(cursor: Cursor): Statement {
  if (take(cursor, ';')) return nothing
  if (takeString(cursor) !== null) return endsHere(cursor) ? nothing : 'other'
  const word = takeWord(cursor)
  if (word !== 'import' && word !== 'export') return 'other'
  if (!skipTrivia(cursor)) return 'unclear'
  return word === 'import' ? takeImport(cursor) : takeExport(cursor)
}

/** A directive: nothing else on its line, so that it is a statement of its own. */
function endsHere(cursor: Cursor): boolean {
  while (take(cursor, ' ')) continue
  const next = cursor.text[cursor.at]
  return next === ';' || next === '\n' || next === '\r' || next === undefined
}

/** So many are looked through faster than a set is made. */
const few = 24

/** The same names come again and again, and are kept once. */
const names = new Map<string, string>()
const mostNames = 50_000

/** A copy in its real encoding: a mere slice would keep the whole source in memory for as long as it lives. */
function decode(written: string): string {
  const known = names.get(written)
  if (known !== undefined) return known
  const bytes = Buffer.from(written, 'latin1')
  const name = bytes.toString('utf8')
  if (names.size === mostNames) names.clear()
  names.set(bytes.toString('latin1'), name)
  return name
}
