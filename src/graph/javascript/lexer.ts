import { classes, endOfWord, letter, sign, special } from './characters.ts'
import { endOfLine } from './cursor.ts'
import type { Language } from './language.ts'
import { endOfPattern, endOfString, endOfTemplatePart } from './literals.ts'
import { endsOperand, expectation } from './operands.ts'
import { arrow, assertion, element, pattern, step, string, template, Tokens, word } from './tokens.ts'

/** What is open besides brackets, whose kinds are the codes of their characters. */
const hole = 1
const elementHole = 2
const openingTag = 3
const closingTag = 4
const children = 5

/** Something open: where it began, and the token of its bracket. */
type Open = { kind: number; start: number; token: number }

/** Deeper nesting is left to the parser. */
const deepest = 2_000

/** Parameters of types, where else an element may begin: `<T,>(x: T) => x`, `<T extends U>`. */
const parameters = /[\w$]+\s*(?:,|extends\s+[\w$'"{([])/y
/** Where it might be either. */
const unclear = /[\w$]+\s*(?:>\s*\(|extends\b)|const\s/y

/**
 * Takes a source of JavaScript or TypeScript apart into tokens, as far as that can be done without knowing the whole grammar:
 * it gives up where it would have to guess. Text is in Latin-1. One pass; nothing is read twice.
 */
export class Lexer {
  readonly text: string
  readonly tokens: Tokens
  at: number
  readonly #markup: boolean
  readonly #types: boolean
  readonly #open: Open[] = []
  /** The kind of what was opened last and is open still; 0 for nothing. */
  #top = 0

  /** From `start` on, where a statement begins. */
  constructor(text: string, start: number, language: Language) {
    this.text = text
    this.at = start
    this.tokens = new Tokens(text, start)
    this.#markup = language === 'jsx' || language === 'tsx'
    this.#types = language !== 'jsx'
  }

  /**
   * Goes on to the place where a word is. `code` when the word is a token of its own, `text` when it is within a string, a
   * comment, a template, a pattern or the text or tag of an element; null when that cannot be told.
   */
  moveTo(place: number): 'code' | 'text' | null {
    while (this.at < place) {
      if (!this.#step()) return null
    }
    const top = this.#top
    const inMarkup = top === openingTag || top === closingTag || top === children
    return this.at === place && !inMarkup ? 'code' : 'text'
  }

  /** The token of the bracket that is open here; -1 for none. */
  enclosing(): number {
    return this.#open.at(-1)?.token ?? -1
  }

  /** Takes what has been read otherwise, up to `end`, as one token. */
  skipTo(end: number, kind: number): boolean {
    const start = this.at
    return this.#take(kind, start, end)
  }

  #take(kind: number, start: number, end: number, mate = -1): boolean {
    this.at = end
    return end >= 0 && this.tokens.push(kind, start, end, mate)
  }

  #begin(kind: number): boolean {
    this.#top = kind
    return this.#open.push({ kind, start: this.at, token: this.tokens.count }) <= deepest
  }

  #end(): Open | undefined {
    const ended = this.#open.pop()
    this.#top = this.#open.at(-1)?.kind ?? 0
    return ended
  }

  #step(): boolean {
    switch (this.#top) {
      case children:
        return this.#stepInChildren()
      case openingTag:
      case closingTag:
        return this.#stepInTag()
      default:
        return this.#stepInCode()
    }
  }

  #stepInCode(): boolean {
    const { text } = this
    let { at } = this
    let code = text.charCodeAt(at)
    while (code === 32 || (code >= 9 && code <= 13)) code = text.charCodeAt(++at)
    if (at > this.at) {
      this.at = at
      return true
    }
    switch (classes[code]) {
      case letter:
        return this.#take(word, at, endOfWord(text, at))
      case sign:
        return this.#takeSign(code, at)
      case special:
        return this.#takeSpecial(code, at)
      default:
        return false
    }
  }

  #takeSign(code: number, at: number): boolean {
    switch (code) {
      case 40: // (
      case 91: // [
      case 123: // {
        return this.#begin(code) && this.#take(code, at, at + 1)
      case 41: // )
        return this.#close(40, code)
      case 93: // ]
        return this.#close(91, code)
      case 125: // }
        return this.#closeBrace()
      default:
        return this.#take(code, at, at + 1)
    }
  }

  #close(opened: number, code: number): boolean {
    const open = this.#end()
    return open?.kind === opened && this.#take(code, this.at, this.at + 1, open.token)
  }

  #closeBrace(): boolean {
    const kind = this.#top
    if (kind === hole) return this.#takeTemplate(this.at + 1)
    if (kind !== elementHole) return this.#close(123, 125)
    this.#end()
    this.at++
    return true
  }

  #takeSpecial(code: number, at: number): boolean {
    const next = this.text.charCodeAt(at + 1)
    switch (code) {
      case 34: // "
      case 39: // '
        return this.#take(string, at, endOfString(this.text, at))
      case 96: // `
        return this.#begin(hole) && this.#takeTemplate(at + 1)
      case 47: // /
        return next === 47 || next === 42 ? this.#skipComment(next) : this.#takeSlash(at)
      case 60: // <
        return this.#takeLess(at, next)
      case 62: // >
        return this.#takeGreater(at)
      case 33: // !
        return this.#takeExclamation(at, next)
      default: // + and -
        // `-->` is a comment in scripts.
        if (next === 45 && this.text[at + 2] === '>') return false
        return next === code ? this.#take(step, at, at + 2) : this.#take(code, at, at + 1)
    }
  }

  /** Up to the next hole, or to the end. */
  #takeTemplate(start: number): boolean {
    const end = endOfTemplatePart(this.text, start)
    if (this.text[end - 1] === '{') {
      const open = this.#open.at(-1)
      if (open !== undefined) open.token = this.tokens.count
      return this.#take(123, end - 1, end)
    }
    return this.#take(template, this.#end()?.start ?? start, end)
  }

  #skipComment(second: number): boolean {
    if (second === 47) this.at = endOfLine(this.text, this.at)
    else this.at = this.text.indexOf('*/', this.at + 2) + 2
    return this.at >= 2
  }

  #takeSlash(at: number): boolean {
    const expected = this.#expectation(at)
    if (expected === 'operator') return this.#take(47, at, at + 1)
    return expected === 'operand' && this.#take(pattern, at, endOfPattern(this.text, at))
  }

  /** Behind a type, and only there, what is on the next line begins a statement. */
  #expectation(at: number): 'operand' | 'operator' | null {
    const expected = expectation(this.tokens)
    return expected === 'operator' && this.#isNewLine(at) ? null : expected
  }

  #isNewLine(at: number): boolean {
    return /[\n\r]/.test(this.text.slice(this.tokens.end(this.tokens.count - 1), at))
  }

  #takeLess(at: number, next: number): boolean {
    // `<!--` is a comment in scripts.
    if (next === 33) return false
    const expected = this.#markup ? this.#expectation(at) : 'operator'
    if (expected === 'operator') return this.#take(60, at, at + 1)
    // In JavaScript it is of another language.
    if (expected === 'operand' && matches(parameters, this.text, at + 1))
      return this.#types && this.#take(60, at, at + 1)
    if (expected === null || (next !== 62 && classes[next] !== letter)) return false
    if (matches(unclear, this.text, at + 1)) return false
    this.at++
    return this.#begin(openingTag)
  }

  #takeGreater(at: number): boolean {
    const { tokens } = this
    const last = tokens.count - 1
    if (!tokens.is(last, '=') || tokens.end(last) !== at) return this.#take(62, at, at + 1)
    this.at++
    tokens.become(last, arrow, this.at)
    return true
  }

  #takeExclamation(at: number, next: number): boolean {
    if (next === 61 || !endsOperand(this.tokens)) return this.#take(33, at, at + 1)
    return !this.#isNewLine(at) && this.#take(assertion, at, at + 1)
  }

  #stepInTag(): boolean {
    const { text, at } = this
    const code = text.charCodeAt(at)
    const next = text.charCodeAt(at + 1)
    this.at++
    if (code === 32 || (code >= 9 && code <= 13) || classes[code] === letter) return true
    switch (code) {
      case 45: // -
      case 46: // .
      case 58: // :
      case 61: // =
        return true
      case 34: // "
      case 39: // '
        this.at = text.indexOf(text.charAt(at), at + 1) + 1
        return this.at > 0
      case 123: // {
        return this.#begin(elementHole) && this.#take(code, at, at + 1)
      case 47: // /
        if (next === 47 || next === 42) {
          this.at = at
          return this.#skipComment(next)
        }
        this.at++
        return next === 62 && this.#end()?.kind === openingTag && this.#endElement()
      case 62: // >
        if (this.#end()?.kind === openingTag) return this.#begin(children)
        return this.#end()?.kind === children && this.#endElement()
      default:
        return false
    }
  }

  /** An element within another is no token. */
  #endElement(): boolean {
    return this.#top === children || this.#take(element, this.at, this.at)
  }

  #stepInChildren(): boolean {
    const { text, at } = this
    const code = text.charCodeAt(at)
    this.at++
    switch (code) {
      case 123: // {
        return this.#begin(elementHole) && this.#take(code, at, at + 1)
      case 60: {
        // <
        const closing = text[at + 1] === '/'
        if (closing) this.at++
        return this.#begin(closing ? closingTag : openingTag)
      }
      default:
        // With one of these in it, what was taken for an element is none.
        return code !== 62 && code !== 125
    }
  }
}

function matches(wanted: RegExp, text: string, at: number): boolean {
  wanted.lastIndex = at
  return wanted.test(text)
}
