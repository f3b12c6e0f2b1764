import { longestSpecifier } from '../../javascript/reading.ts'
import { decode, mostReferences } from '../language.ts'
import { createPythonCursor } from './cursor.ts'
import type { PythonCursor } from './cursor.ts'

/** `names` is null for `import a.b`; those of `from a.b import c, d` otherwise, where a star is `*`. */
export type PythonImport = {
  /** With its leading dots. */
  module: string
  names: string[] | null
  kind: 'import' | 'type' | 'dynamic'
}

export type PythonReading = { imports: PythonImport[] }

/** The condition of code that only type checkers see. */
const typeChecking = /\s*(?:\w{1,100}\.)?TYPE_CHECKING\s{0,100}:/y

/**
 * The imports of a Python source wherever they stand, in one pass over its tokens. `text` is the source in Latin-1. Source:
 * docs.python.org/3/reference, "Lexical analysis" and "The import statement".
 */
export function scanPython(text: string): PythonReading {
  const imports = new Map<string, PythonImport>()
  const cursor = createPythonCursor(text)
  /** How far the line is indented under which only type checkers look. */
  let typesBelow = Infinity
  let count = 0

  const add = (module: string, names: string[] | null, kind: PythonImport['kind']) => {
    count += 1 + (names?.length ?? 0)
    if (module === '' || module.length > longestSpecifier || count > mostReferences) return
    const found = { module: decode(module), names: names && names.map(decode), kind }
    imports.set(`${kind} ${found.module} ${found.names?.join() ?? ''}`, found)
  }

  const takeStatement = (word: string, kind: PythonImport['kind']) => {
    if (word === 'import') {
      do {
        add(takeModule(cursor), null, kind)
        takeAlias(cursor)
      } while (cursor.take(','))
      return
    }
    const module = takeModule(cursor)
    if (cursor.word() === 'import') add(module, takeNames(cursor), kind)
  }

  while (cursor.nextLine()) {
    const indent = cursor.indent
    if (indent <= typesBelow) typesBelow = Infinity
    const word = cursor.word()
    let kind: PythonImport['kind'] = typesBelow < indent ? 'type' : 'import'
    if (word === 'if' && kind === 'import') {
      typeChecking.lastIndex = cursor.at
      if (typeChecking.test(text)) {
        typesBelow = indent
        kind = 'type'
      }
    }
    if (word === 'import' || word === 'from') takeStatement(word, kind)
    // Further statements of the line, and calls that name a module.
    for (let token = cursor.next(); token !== 'end'; token = cursor.next()) {
      if (token === 'statement') {
        const start = cursor.at
        const first = cursor.word()
        if (first === 'import' || first === 'from') takeStatement(first, kind)
        else cursor.at = start
      } else if (token === 'import_module' || token === '__import__') {
        const module = cursor.take('(') ? cursor.plainString() : null
        if (module !== null) add(module, null, 'dynamic')
      }
    }
  }
  return { imports: [...imports.values()] }
}

/** Dots and dotted names; empty when there are none. */
function takeModule(cursor: PythonCursor): string {
  let module = ''
  for (;;) {
    if (cursor.take('.')) module += '.'
    else if (module === '' || module.endsWith('.')) {
      const start = cursor.at
      const word = cursor.word()
      // `from . import x`: the keyword is no name.
      if (word === '' || word === 'import') {
        cursor.at = start
        return module
      }
      module += word
    } else return module
    if (module.length > longestSpecifier) return module
  }
}

function takeAlias(cursor: PythonCursor): void {
  const start = cursor.at
  if (cursor.word() === 'as') cursor.word()
  else cursor.at = start
}

function takeNames(cursor: PythonCursor): string[] {
  if (cursor.take('*')) return ['*']
  const names: string[] = []
  const enclosed = cursor.take('(')
  do {
    const name = cursor.word()
    if (name === '') break
    if (names.length < mostReferences) names.push(name)
    takeAlias(cursor)
  } while (cursor.take(','))
  if (enclosed) cursor.take(')')
  return names
}
