import { skipTrivia, take, takeWord } from '../../javascript/cursor.ts'
import type { Cursor } from '../../javascript/cursor.ts'
import { longestSpecifier } from '../../javascript/reading.ts'
import { decode, mostReferences } from '../language.ts'

/** What a Go file says of others; `fault` tells why it could not be read. */
export type GoReading = {
  /** The package's name as its clause says; null without one. */
  package: string | null
  /** Whether it declares `func main`. */
  main: boolean
  imports: string[]
  fault: string | null
}

/**
 * Imports stand at the top of a Go file, so only that is read, in one pass. `text` is the source in Latin-1. Source:
 * go.dev/ref/spec, "Source file organization".
 */
export function scanGo(text: string): GoReading {
  const cursor: Cursor = { text, at: text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0 }
  const nothing = { package: null, main: false, imports: [] }
  if (!skipTrivia(cursor) || takeWord(cursor) !== 'package' || !skipTrivia(cursor)) {
    return { ...nothing, fault: cursor.at < text.length ? 'it does not begin with a package clause' : null }
  }
  const name = takeWord(cursor)
  const imports = new Set<string>()
  while (imports.size < mostReferences && takeEnd(cursor)) {
    const start = cursor.at
    if (takeWord(cursor) !== 'import' || !skipTrivia(cursor)) {
      cursor.at = start
      break
    }
    if (!take(cursor, '(')) {
      if (!takeSpec(cursor, imports)) break
      continue
    }
    while (takeEnd(cursor) && !take(cursor, ')') && takeSpec(cursor, imports)) continue
  }
  const main = name === 'main' && /^func main\(/m.test(text.slice(cursor.at))
  return { package: decode(name), main, imports: [...imports], fault: null }
}

/** Over spaces, comments and semicolons; false where a comment has no end. */
function takeEnd(cursor: Cursor): boolean {
  do {
    if (!skipTrivia(cursor)) return false
  } while (take(cursor, ';'))
  return cursor.at < cursor.text.length
}

/** `"path"`, after a name, a dot or an underscore or not. */
function takeSpec(cursor: Cursor, imports: Set<string>): boolean {
  if (!take(cursor, '.')) takeWord(cursor)
  if (!skipTrivia(cursor)) return false
  const { text, at } = cursor
  const quote = text[at]
  if (quote !== '"' && quote !== '`') return false
  const limit = at + 1 + longestSpecifier
  const end = text.slice(at + 1, limit).indexOf(quote)
  if (end < 0) return false
  cursor.at = at + end + 2
  const path = text.slice(at + 1, at + 1 + end)
  if (path !== '' && !path.includes('\\')) imports.add(decode(path))
  return true
}
