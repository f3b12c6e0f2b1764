import { skipTrivia, takeWord } from './cursor.ts'
import type { Lexer } from './lexer.ts'
import { arrow, startOfText } from './tokens.ts'
import type { Tokens } from './tokens.ts'

/** What only a value is followed by, or a type. */
const beforeValue = new Set(['await', 'return', 'yield', 'void', 'throw', 'default', 'case', 'in', 'of'])
const beforeType = new Set(['typeof', 'keyof', 'as', 'satisfies', 'readonly', 'infer', 'is'])
const declaring = new Set(['const', 'let', 'var', 'using'])

/**
 * Whether the `import('x')` that the lexer is before loads a module or names a type of it; `end` is where its specifier ends.
 * Null where only the parser can tell. Where both could be written the one is meant that makes sense: a promise has no
 * properties but its methods, and the type of a promise needs no `typeof`.
 */
export function importKind(lexer: Lexer, end: number): 'dynamic' | 'type' | null {
  const { tokens, text } = lexer
  const last = tokens.count - 1
  const before = tokens.word(last)
  if (beforeValue.has(before)) return 'dynamic'
  if (beforeType.has(before)) return 'type'
  if (text[end] !== ')') return null
  const cursor = { text, at: end + 1 }
  if (!skipTrivia(cursor)) return null
  const next = text[cursor.at]
  if (next === '.') {
    cursor.at++
    const property = skipTrivia(cursor) ? takeWord(cursor) : ''
    const isCalled = text[cursor.at] === '('
    if (/^(?:then|catch|finally)$/.test(property)) return isCalled ? 'dynamic' : null
    return isCalled ? null : 'type'
  }
  if (next !== undefined && (/[<>[?]/.test(next) || next >= '\u0080')) return null
  return byTokenBefore(lexer, tokens, last)
}

function byTokenBefore(lexer: Lexer, tokens: Tokens, last: number): 'dynamic' | 'type' | null {
  const kind = tokens.kind(last)
  if (kind === startOfText || kind === arrow) return 'dynamic'
  switch (String.fromCharCode(kind)) {
    case ';':
    case '{':
    case '}':
    case '(':
    case '[':
    case ',':
    case '?':
      return 'dynamic'
    case '=':
      return tokens.word(last - 2) === 'type' ? 'type' : 'dynamic'
    case '|':
    case '&':
      return tokens.kind(last - 1) === kind ? 'dynamic' : null
    case ':':
      return annotates(lexer, tokens, last) ? 'type' : null
    case ')':
      // On the next line it begins a statement.
      return /[\n\r]/.test(lexer.text.slice(tokens.end(last), lexer.at)) ? 'dynamic' : null
    default:
      return null
  }
}

/** Whether a colon is before the type of a variable or parameter, and not before a value in an object or a condition. */
function annotates(lexer: Lexer, tokens: Tokens, colon: number): boolean {
  if (tokens.is(colon - 1, '?')) return true
  if (tokens.word(colon - 1) === '') return false
  if (declaring.has(tokens.word(colon - 2))) return true
  const isFirst = tokens.is(colon - 2, '(') || tokens.is(colon - 2, ',')
  return isFirst && tokens.is(lexer.enclosing(), '(')
}
