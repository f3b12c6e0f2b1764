import { skipTrivia, take, takeString, takeWord } from './cursor.ts'
import type { Cursor } from './cursor.ts'
import type { ReferenceKind } from './reading.ts'

/** What an import or export names; `other` is no such statement, and what is unclear is left to the parser. */
export type Statement = { specifier: string | null; kind: ReferenceKind } | 'other' | 'unclear'

const comma = 44
const closingBrace = 125

/** A statement that names nothing. */
export const nothing: Statement = { specifier: null, kind: 'import' }

/** Behind the word `import`. */
export function takeImport(cursor: Cursor): Statement {
  const bare = takeString(cursor)
  if (bare !== null) return takeAttributes(cursor, { specifier: bare, kind: 'import' })
  const next = cursor.text[cursor.at]
  if (next === '(' || next === '.') return 'other'
  let kind: ReferenceKind = 'import'
  const clause = takeWord(cursor)
  if (clause !== '') {
    if (!skipTrivia(cursor)) return 'unclear'
    const after = cursor.at
    const word = takeWord(cursor)
    if (clause === 'type' && (word !== '' || /[{*]/.test(cursor.text[cursor.at] ?? ''))) {
      if (!skipTrivia(cursor)) return 'unclear'
      const string = word === 'from' && /["']/.test(cursor.text[cursor.at] ?? '')
      // `import type from 'x'` imports a value named type.
      if (string) return takeSource(cursor, 'import')
      if (word === 'from') return 'unclear'
      kind = 'type'
    } else if (word === 'from') return takeSource(cursor, 'import')
    else if (word !== '') {
      // `import defer * as x`, `import source x`: rare, and their grammar still moves.
      return 'unclear'
    } else cursor.at = after
    if (take(cursor, ',') && !skipTrivia(cursor)) return 'unclear'
  }
  if (take(cursor, '*')) {
    if (!takeWords(cursor, ['as', null])) return 'unclear'
  } else if (take(cursor, '{')) {
    const names = takeNames(cursor)
    if (names === null) return 'unclear'
    // `import x, { type Y }` still imports a value.
    if (names === 'types' && clause === '') kind = 'type'
  }
  if (!skipTrivia(cursor)) return 'unclear'
  return takeWord(cursor) === 'from' ? takeSource(cursor, kind) : 'unclear'
}

/** Behind the word `export`. */
export function takeExport(cursor: Cursor): Statement {
  const start = cursor.at
  let kind: ReferenceKind = 'export'
  if (takeWord(cursor) === 'type') {
    if (!skipTrivia(cursor)) return 'unclear'
    kind = 'type'
  } else if (cursor.at !== start) return 'other'
  if (take(cursor, '*')) {
    if (!skipTrivia(cursor)) return 'unclear'
    const word = takeWord(cursor)
    if (word === 'from') return takeSource(cursor, kind)
    if (word !== 'as' || !skipTrivia(cursor)) return 'unclear'
    if (takeString(cursor) === null && takeWord(cursor) === '') return 'unclear'
    return takeWords(cursor, ['from']) ? takeSource(cursor, kind) : 'unclear'
  }
  if (!take(cursor, '{')) return 'other'
  const names = takeNames(cursor)
  if (names === null) return 'unclear'
  if (names === 'types') kind = 'type'
  const end = cursor.at
  if (!skipTrivia(cursor)) return 'unclear'
  if (takeWord(cursor) === 'from') return takeSource(cursor, kind)
  cursor.at = end
  return nothing
}

/** The words in turn, null for any; false when one is not there. */
function takeWords(cursor: Cursor, words: (string | null)[]): boolean {
  return words.every((wanted) => {
    if (!skipTrivia(cursor)) return false
    const word = takeWord(cursor)
    return wanted === null ? word !== '' : word === wanted
  })
}

/** The names in braces, after the first: whether all of them are types. Null when it is written in an unusual way. */
function takeNames(cursor: Cursor): 'types' | 'values' | null {
  let names = 0
  let types = 0
  for (;;) {
    if (!skipTrivia(cursor)) return null
    if (take(cursor, '}')) return names > 0 && names === types ? 'types' : 'values'
    let words = 0
    let isType = false
    for (;;) {
      const code = cursor.text.charCodeAt(cursor.at)
      if (code === comma || code === closingBrace) break
      const string = takeString(cursor)
      const word = string === null ? takeWord(cursor) : '"'
      if (word === '' || ++words > 4 || !skipTrivia(cursor)) return null
      // `type as …` can be read in four ways.
      if (words === 2 && isType && word === 'as') return null
      if (words === 1) isType = word === 'type'
    }
    if (words === 0) return null
    names++
    if (isType && words > 1) types++
    take(cursor, ',')
  }
}

function takeSource(cursor: Cursor, kind: ReferenceKind): Statement {
  if (!skipTrivia(cursor)) return 'unclear'
  const specifier = takeString(cursor)
  return specifier === null ? 'unclear' : takeAttributes(cursor, { specifier, kind })
}

/** `with { type: 'json' }` after a specifier. */
function takeAttributes(cursor: Cursor, statement: Statement): Statement {
  const end = cursor.at
  if (!skipTrivia(cursor)) return 'unclear'
  const { text, at } = cursor
  if (!text.startsWith('with', at) && !text.startsWith('assert', at)) {
    cursor.at = end
    return statement
  }
  const word = takeWord(cursor)
  if (word !== 'with' && word !== 'assert') {
    cursor.at = end
    return statement
  }
  if (!skipTrivia(cursor) || !take(cursor, '{')) return 'unclear'
  for (;;) {
    if (!skipTrivia(cursor)) return 'unclear'
    if (take(cursor, '}')) return statement
    if (!take(cursor, ',') && !take(cursor, ':') && takeString(cursor) === null && takeWord(cursor) === '') {
      return 'unclear'
    }
  }
}
