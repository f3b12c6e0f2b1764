import { arrow, assertion, element, pattern, startOfText, step, string, template, word } from './tokens.ts'
import type { Tokens } from './tokens.ts'

/** Reserved words after which an expression begins. */
const beforeOperand = new Set(
  'return typeof case do else in instanceof new delete void throw default extends'.split(' '),
)
/** Words that are either such words or names. */
const unsure = new Set(
  'of await yield as satisfies is keyof readonly infer asserts async unique out let static'.split(' '),
)
const withCondition = new Set(['if', 'while', 'for', 'with'])

/**
 * What the next token is after those that are there: an operand (so that `/` begins a pattern and `<` an element), or what
 * comes after one (so that `/` divides and `<` compares or holds types). Null where only a parser can tell.
 */
export function expectation(tokens: Tokens): 'operand' | 'operator' | null {
  const last = tokens.count - 1
  const kind = tokens.kind(last)
  switch (kind) {
    case startOfText:
    case arrow:
      return 'operand'
    case string:
    case template:
    case pattern:
    case element:
    case assertion:
    case 93: // ]
      return 'operator'
    case word:
      return afterWord(tokens, last)
    case 41: // )
      return followsCondition(tokens, last) ? 'operand' : 'operator'
    case step:
    case 125: // }
    case 62: // >
    case 46: // .
    case 64: // @
    case 35: // #
      return null
    default:
      return 'operand'
  }
}

function afterWord(tokens: Tokens, at: number): 'operand' | 'operator' | null {
  // `a.return` is a name, `...return` is not.
  if (tokens.is(at - 1, '.') && !tokens.is(at - 2, '.')) return 'operator'
  const text = tokens.word(at)
  if (beforeOperand.has(text)) return 'operand'
  return unsure.has(text) ? null : 'operator'
}

/** Whether a `)` ends the condition of a statement. */
function followsCondition(tokens: Tokens, at: number): boolean {
  const before = tokens.mate(at) - 1
  const name = tokens.word(before)
  if (name === 'await') return tokens.word(before - 1) === 'for'
  return withCondition.has(name) && !tokens.is(before - 1, '.')
}

/** Whether the tokens end in an operand that a `!` behind it may assert. */
export function endsOperand(tokens: Tokens): boolean {
  const kind = tokens.kind(tokens.count - 1)
  return (kind === word || kind === 41 || kind === 93) && expectation(tokens) === 'operator'
}
