import { skipTrivia, takeString, takeWord } from './cursor.ts'
import type { Cursor } from './cursor.ts'
import { relativeAddress } from './address.ts'
import { importKind } from './import-kind.ts'
import type { Language } from './language.ts'
import { Lexer } from './lexer.ts'
import { expectation } from './operands.ts'
import { longestSpecifier } from './reading.ts'
import type { ReferenceKind } from './reading.ts'
import { takeExport, takeImport } from './statements.ts'
import { nextSuspect } from './suspects.ts'
import type { Suspect } from './suspects.ts'
import { startOfText, string, template } from './tokens.ts'

type Add = (specifier: string, kind: ReferenceKind) => void

/**
 * Adds the references after the top of a source, from `start` on, where a statement begins. False when only the parser can
 * tell them; what is added until then is right. The text is in Latin-1; it is read up to the last word that may name a module.
 */
export function readRest(text: string, start: number, language: Language, add: Add): boolean {
  let suspect = nextSuspect(text, start)
  if (suspect === null) return true
  const reading = new RestReading(text, start, language, add)
  while (suspect !== null) {
    if (!reading.explain(suspect)) return false
    suspect = nextSuspect(text, Math.max(suspect.at + suspect.word.length, reading.at))
  }
  return true
}

class RestReading {
  readonly #text: string
  readonly #lexer: Lexer
  readonly #typed: boolean
  readonly #add: Add

  constructor(text: string, start: number, language: Language, add: Add) {
    this.#text = text
    this.#lexer = new Lexer(text, start, language)
    this.#typed = language !== 'jsx'
    this.#add = add
  }

  get at(): number {
    return this.#lexer.at
  }

  /** Finds out what a word that may name a module does; false when it cannot be told. */
  explain({ at, word }: Suspect): boolean {
    const place = this.#lexer.moveTo(at)
    if (place !== 'code') return place === 'text'
    const { tokens } = this.#lexer
    const last = tokens.count - 1
    // `a.require` is a property, `...require` is not.
    if (tokens.is(last, '.') && !tokens.is(last - 1, '.')) return true
    if (tokens.is(last, '#')) return false
    const cursor: Cursor = { text: this.#text, at: at + word.length }
    if (!skipTrivia(cursor) || isUnusual(this.#text, cursor.at)) return false
    switch (word) {
      case 'import':
        return this.#explainImport(cursor)
      case 'require':
        return this.#explainRequire(cursor)
      case 'from':
        return this.#explainFrom(cursor)
      default:
        return this.#explainModule(cursor)
    }
  }

  #explainImport(cursor: Cursor): boolean {
    const next = this.#text[cursor.at]
    if (next === '(') return this.#explainCall(cursor, null)
    if (next === '.') return this.#explainMeta(cursor)
    // The name of a property.
    if (next === undefined || /[,:;)\]}=+\-?&|!>]/.test(next)) return next !== undefined
    return this.#beginsStatement() && this.#takeStatement(cursor, takeImport(cursor))
  }

  #beginsStatement(): boolean {
    const { tokens } = this.#lexer
    const last = tokens.count - 1
    if (tokens.kind(last) === startOfText || tokens.is(last, ';')) return true
    if (tokens.is(last, '}') || tokens.is(last, '{')) return true
    return /[\n\r]/.test(this.#text.slice(tokens.end(last), this.#lexer.at))
  }

  #takeStatement(cursor: Cursor, statement: ReturnType<typeof takeImport>): boolean {
    if (typeof statement === 'string' || statement.specifier === null) return false
    this.#addSpecifier(statement.specifier, statement.kind)
    return this.#lexer.skipTo(cursor.at, string)
  }

  #addSpecifier(specifier: string, kind: ReferenceKind): void {
    if (specifier !== '' && specifier.length <= longestSpecifier) this.#add(specifier, kind)
  }

  /** A call whose bracket is at the cursor; `kind` null stands for an `import()`, which may be a value or a type. */
  #explainCall(cursor: Cursor, kind: ReferenceKind | null): boolean {
    cursor.at++
    const literal = takeLiteral(cursor)
    if (literal === undefined) return false
    if (literal === null) return true
    const meant = kind ?? this.#importKind(cursor.at)
    if (meant !== null) this.#addSpecifier(literal, meant)
    return meant !== null
  }

  /** JavaScript has no types; what looks like one is of another language. */
  #importKind(end: number): ReferenceKind | null {
    const kind = importKind(this.#lexer, end)
    if (this.#typed) return kind
    return kind === 'type' ? null : 'dynamic'
  }

  #explainMeta(cursor: Cursor): boolean {
    if (this.#takeProperty(cursor) !== 'meta') return false
    const next = this.#text[cursor.at]
    if (next !== '.') return next !== '?' && next !== '!'
    const property = this.#takeProperty(cursor)
    if (property === null) return false
    const then = this.#text[cursor.at] ?? ''
    if (property === 'resolve') return this.#explainResolve(cursor, then)
    return property !== 'url' || (then !== ')' && then !== ',') || this.#explainUrl()
  }

  /** The word behind the dot at the cursor, which is then before what follows; null when it is written in an unusual way. */
  #takeProperty(cursor: Cursor): string | null {
    cursor.at++
    if (!skipTrivia(cursor)) return null
    const name = takeWord(cursor)
    return /^[\w$]*$/.test(name) && skipTrivia(cursor) && !isUnusual(this.#text, cursor.at) ? name : null
  }

  #explainResolve(cursor: Cursor, next: string): boolean {
    if (next === '(') return this.#explainCall(cursor, 'asset')
    return !/[?!<]/.test(next)
  }

  /** `new URL('x', import.meta.url)`, where the lexer is before the second argument. */
  #explainUrl(): boolean {
    const { tokens } = this.#lexer
    const comma = tokens.count - 1
    const open = this.#lexer.enclosing()
    if (!tokens.is(comma, ',') || !tokens.is(open, '(')) return true
    if (tokens.word(open - 1) !== 'URL' || tokens.word(open - 2) !== 'new') return true
    const address = open + 1
    const kind = tokens.kind(address)
    if (comma - address !== 1 || (kind !== string && kind !== template)) return !tokens.is(address, '(')
    const value = this.#text.slice(tokens.start(address) + 1, tokens.end(address) - 1)
    if (value.includes('\\')) return false
    const specifier = kind === template && value.includes('${') ? null : relativeAddress(value)
    if (specifier !== null) this.#addSpecifier(specifier, 'asset')
    return true
  }

  #explainRequire(cursor: Cursor): boolean {
    const { tokens } = this.#lexer
    const last = tokens.count - 1
    if (tokens.word(last) === 'new') return false
    const next = this.#text[cursor.at]
    switch (next) {
      case '(':
        return this.#explainCall(cursor, 'require')
      case '.': {
        const property = this.#takeProperty(cursor)
        return property === 'resolve' ? this.#explainResolve(cursor, this.#text[cursor.at] ?? '') : property !== null
      }
      case ')':
        return !tokens.is(last, '(') || this.#isArgument(last)
      case '!':
        return this.#text[cursor.at + 1] === '='
      case '?':
        return this.#text[cursor.at + 1] !== '.'
      case '<':
      case undefined:
        return false
      default: {
        const word = takeWord(cursor)
        return word !== 'as' && word !== 'satisfies'
      }
    }
  }

  /** Whether what is behind a bracket is the argument of a call, as in `f(require)`; `(require)('x')` calls it. */
  #isArgument(bracket: number): boolean {
    const { tokens } = this.#lexer
    tokens.count = bracket
    const isCall = expectation(tokens) === 'operator' && !this.#isNewLine(bracket)
    tokens.count = bracket + 1
    return isCall
  }

  /** Whether a token is the first of its line, so that it may begin a statement. */
  #isNewLine(token: number): boolean {
    const { tokens } = this.#lexer
    return /[\n\r]/.test(this.#text.slice(tokens.end(token - 1), tokens.start(token)))
  }

  /** `export { x } from`, `export * from`, `export * as x from`, `export type …`. */
  #explainFrom(cursor: Cursor): boolean {
    const next = this.#text[cursor.at]
    if (next !== '"' && next !== "'") return true
    const { tokens } = this.#lexer
    let at = tokens.count - 1
    if (tokens.is(at, '}')) at = tokens.mate(at)
    else if (tokens.word(at - 1) === 'as') at -= 2
    at--
    if (tokens.word(at) === 'type') at--
    if (tokens.word(at) !== 'export') return false
    const statement: Cursor = { text: this.#text, at: tokens.end(at) }
    if (!skipTrivia(statement)) return false
    const taken = takeExport(statement)
    return statement.at > cursor.at && this.#takeStatement(statement, taken)
  }

  #explainModule(cursor: Cursor): boolean {
    const { tokens } = this.#lexer
    if (tokens.word(tokens.count - 1) !== 'declare') return true
    const next = this.#text[cursor.at]
    if (next !== '"' && next !== "'") return true
    const name = takeString(cursor)
    if (name?.startsWith('.') === true) this.#addSpecifier(name, 'type')
    return name !== null
  }
}

/**
 * The first argument of a call, when it is a plain string or template: then the cursor is behind it, before a bracket or a
 * comma. Null when it is anything else, undefined where only the parser can tell.
 */
function takeLiteral(cursor: Cursor): string | null | undefined {
  const { text } = cursor
  if (!skipTrivia(cursor) || isUnusual(text, cursor.at)) return undefined
  const start = cursor.at
  const quote = text[start]
  if (quote === '(' || quote === undefined) return undefined
  let value: string | null = null
  if (quote === '`') {
    const end = text.indexOf('`', start + 1)
    value = text.slice(start + 1, end)
    if (end < 0 || value.includes('\\')) return undefined
    if (value.includes('${')) return null
    cursor.at = end + 1
  } else if (quote === '"' || quote === "'") {
    value = takeString(cursor)
    if (value === null) return undefined
  } else return null
  if (!skipTrivia(cursor) || isUnusual(text, cursor.at)) return undefined
  const next = text[cursor.at]
  if (next === undefined) return undefined
  return next === ')' || next === ',' ? value : null
}

/** Beyond ASCII a letter may begin or a space, which only the parser tells apart; a backslash may begin a letter. */
function isUnusual(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 128 || code === 92
}
