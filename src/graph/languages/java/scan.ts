import { skipTrivia, take, takeWord } from '../../javascript/cursor.ts'
import type { Cursor } from '../../javascript/cursor.ts'
import { longestSpecifier } from '../../javascript/reading.ts'
import { decode, mostReferences } from '../language.ts'

export type JavaImport = {
  /** Without the star of a wildcard. */
  name: string
  static: boolean
  wildcard: boolean
}

export type JavaReading = {
  /** Empty without a package clause. */
  package: string
  imports: JavaImport[]
}

/**
 * Package and imports stand at the top of a Java file, so only that is read, in one pass. `text` is the source in Latin-1.
 * Source: docs.oracle.com/javase/specs, "Compilation Units".
 */
export function scanJava(text: string): JavaReading {
  const cursor: Cursor = { text, at: text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0 }
  const imports = new Map<string, JavaImport>()
  let name = ''
  while (imports.size < mostReferences && skipTrivia(cursor) && cursor.at < text.length) {
    if (take(cursor, ';')) continue
    // Only annotations may stand before the package, in a package-info.java.
    if (text[cursor.at] === '@') {
      if (!skipAnnotation(cursor)) break
      continue
    }
    const word = takeWord(cursor)
    if (word === 'package') name = takeName(cursor).name
    else if (word === 'import') {
      const found = takeImport(cursor)
      if (found === null) break
      if (found.name !== '') imports.set(`${found.static} ${found.name} ${found.wildcard}`, found)
    } else break
  }
  return { package: decode(name), imports: [...imports.values()].map((each) => ({ ...each, name: decode(each.name) })) }
}

/** Null where the import is none; an empty name for that of a whole module, which is none of the repository's files. */
function takeImport(cursor: Cursor): JavaImport | null {
  let { name, wildcard } = takeName(cursor)
  let isStatic = false
  if (name === 'static' || name === 'module') {
    const next = takeName(cursor)
    if (next.name !== '' && name === 'module') return { name: '', static: false, wildcard: false }
    isStatic = name === 'static'
    ;({ name, wildcard } = next)
  }
  if (name === '' || name.length > longestSpecifier) return null
  return { name, static: isStatic, wildcard }
}

/** `a.b.C` or `a.b.*`, with spaces and comments wherever they may be. */
function takeName(cursor: Cursor): { name: string; wildcard: boolean } {
  let name = ''
  for (;;) {
    if (!skipTrivia(cursor)) return { name, wildcard: false }
    if (name !== '' && take(cursor, '*')) return { name, wildcard: true }
    const word = takeWord(cursor)
    if (word === '' || name.length > longestSpecifier) return { name, wildcard: false }
    name += name === '' ? word : `.${word}`
    if (!skipTrivia(cursor) || !take(cursor, '.')) return { name, wildcard: false }
  }
}

/** `@Name` or `@Name(…)`, whose texts may hold brackets. */
function skipAnnotation(cursor: Cursor): boolean {
  cursor.at++
  const { name } = takeName(cursor)
  // `@interface` is a declaration.
  if (name === '' || name === 'interface' || !skipTrivia(cursor)) return false
  if (cursor.text[cursor.at] !== '(') return true
  let depth = 0
  for (; skipTrivia(cursor) && cursor.at < cursor.text.length; cursor.at++) {
    const char = cursor.text[cursor.at]
    if (char === '(') depth++
    else if (char === ')' && --depth === 0) {
      cursor.at++
      return true
    } else if (char === '"' || char === "'") skipText(cursor, char)
  }
  return false
}

/** To the quote that ends a text. */
function skipText(cursor: Cursor, quote: string): void {
  const { text } = cursor
  for (cursor.at++; cursor.at < text.length && text[cursor.at] !== quote; cursor.at++) {
    if (text[cursor.at] === '\\') cursor.at++
  }
}
