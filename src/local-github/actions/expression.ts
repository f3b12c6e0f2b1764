import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'
import { TokenType } from '@actions/expressions/lexer'
import type { Token } from '@actions/expressions/lexer'

import type { Json, JsonObject } from './contract.ts'
import { fromData, toData } from './expression-data.ts'
import { splitTemplate } from './template.ts'

export type ExpressionFunction = FunctionDefinition

/** What an expression may see at its place in the workflow. */
export interface Scope {
  contexts: JsonObject
  functions: ExpressionFunction[]
}

/** Names only: enough to parse an expression before there is anything to evaluate it with. */
export interface Vocabulary {
  contexts: readonly string[]
  functions: readonly { name: string; minArgs: number; maxArgs: number }[]
}

/** The text is no expression, or its evaluation failed. */
export class ExpressionFault extends Error {
  override name = 'ExpressionFault'
}

const statusFunctions = new Set(['success', 'failure', 'cancelled', 'always'])

/**
 * Evaluates every `${{ … }}` in a value, also inside of lists and mappings. A text that is one expression and nothing
 * else keeps the type of its result; around anything else results become text. Throws `ExpressionFault`.
 */
export function evaluate(value: Json, scope: Scope): Json {
  if (typeof value === 'string') return evaluateText(value, scope)
  if (Array.isArray(value)) return value.map((inner) => evaluate(inner, scope))
  if (value === null || typeof value !== 'object') return value
  const result: JsonObject = {}
  for (const [key, inner] of Object.entries(value)) result[asText(evaluateText(key, scope))] = evaluate(inner, scope)
  return result
}

/** A value evaluated where only a text can stand. */
export function evaluateToText(value: Json, scope: Scope): string {
  return asText(evaluate(value, scope))
}

/**
 * An `if`: with or without `${{ }}`, and with `success() &&` before it unless it asks for the status itself.
 * Throws `ExpressionFault`.
 */
export function evaluateCondition(condition: string | null, scope: Scope): boolean {
  if (condition === null || condition.trim() === '') return run('success()', scope).truthy
  const parts = splitTemplate(condition)
  const only = parts.length === 1 ? parts[0] : undefined
  const sources = parts.flatMap((part) => (part.kind === 'expression' ? [part.source] : []))
  // Without braces the whole text is the expression.
  const source = only?.kind === 'expression' ? only.source : sources.length === 0 ? condition : null
  const asksStatus = (source === null ? sources : [source]).some(mentionsStatus)
  if (!asksStatus && !run('success()', scope).truthy) return false
  return source === null ? asText(evaluateText(condition, scope)) !== '' : run(source, scope).truthy
}

/** Says what is wrong with the expressions in a text, or null. `bare` takes a text without braces as an expression. */
export function faultIn(text: string, vocabulary: Vocabulary, bare = false): string | null {
  try {
    const parts = splitTemplate(text)
    if (parts.some((part) => part.kind === 'text' && part.text.includes('${{')))
      return 'An expression `${{` has no `}}`'
    const sources = parts.flatMap((part) => (part.kind === 'expression' ? [part.source] : []))
    for (const source of bare && sources.length === 0 && text.trim() !== '' ? [text] : sources) {
      parse(source, vocabulary)
    }
    return null
  } catch (error) {
    if (error instanceof ExpressionFault) return error.message
    throw error
  }
}

function evaluateText(text: string, scope: Scope): Json {
  const parts = splitTemplate(text)
  const [first] = parts
  if (parts.length === 1 && first?.kind === 'expression') return run(first.source, scope).value
  return parts.map((part) => (part.kind === 'text' ? part.text : run(part.source, scope).text)).join('')
}

function run(source: string, scope: Scope): { value: Json; text: string; truthy: boolean } {
  const { expression, names } = parse(source, { contexts: Object.keys(scope.contexts), functions: scope.functions })
  // Events can be large: only what the expression names is made into the library's data.
  const seen = Object.entries(scope.contexts).filter(([name]) => names.has(name))
  const context = new data.Dictionary(...seen.map(([key, value]) => ({ key, value: toData(value) })))
  const functions = new Map(scope.functions.map((known) => [known.name.toLowerCase(), known]))
  try {
    const result = new Evaluator(expression, context, functions).evaluate()
    const value = fromData(result)
    const falsy = value === null || value === false || value === '' || value === 0 || Number.isNaN(value)
    return { value, text: result.coerceString(), truthy: !falsy }
  } catch (error) {
    throw new ExpressionFault(`The expression \`${source.trim()}\` failed: ${messageOf(error)}`, { cause: error })
  }
}

function parse(source: string, vocabulary: Vocabulary) {
  try {
    const { tokens } = new Lexer(source).lex()
    const parser = new Parser(
      tokens,
      [...vocabulary.contexts],
      vocabulary.functions.map((known) => ({ ...known })),
    )
    const expression = parser.parse()
    // The library answers nothing, against its own types, for an expression without tokens.
    if (tokens.length < 2) throw new Error('An expression was expected')
    return { expression, names: contextsIn(tokens) }
  } catch (error) {
    throw new ExpressionFault(`${messageOf(error)}. Located in the expression: ${source.trim()}`, { cause: error })
  }
}

function contextsIn(tokens: Token[]): Set<string> {
  const names = tokens.filter((token, index) => {
    const isProperty = tokens[index - 1]?.type === TokenType.DOT
    return token.type === TokenType.IDENTIFIER && !isProperty
  })
  return new Set(names.map((token) => token.lexeme.toLowerCase()))
}

function mentionsStatus(source: string): boolean {
  const { tokens } = lex(source)
  return tokens.some((token, index) => {
    const isCall = token.type === TokenType.IDENTIFIER && tokens[index + 1]?.type === TokenType.LEFT_PAREN
    return isCall && statusFunctions.has(token.lexeme.toLowerCase())
  })
}

function lex(source: string) {
  try {
    return new Lexer(source).lex()
  } catch (error) {
    throw new ExpressionFault(`${messageOf(error)}. Located in the expression: ${source.trim()}`, { cause: error })
  }
}

function asText(value: Json): string {
  return toData(value).coerceString()
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
