import { longestSpecifier } from '../../javascript/reading.ts'
import { decode, mostReferences } from '../language.ts'

export type CInclude = {
  path: string
  /** Whether it is written in angle brackets. */
  system: boolean
}

export type CReading = { includes: CInclude[] }

const quote = 34
const apostrophe = 39
const backslash = 92
const newline = 10
const slash = 47
const star = 42

const directive = /#[ \t]{0,100}(?:include|include_next|import)[ \t]{0,100}(?:"([^"\n]{1,1000})"|<([^>\n]{1,1000})>)/y

/**
 * The files that a C or C++ source includes, wherever it does: conditions are not looked at. What a macro names is not
 * known. One pass over the characters; `text` is the source in Latin-1. Source: en.cppreference.com, "Phases of translation".
 */
export function scanC(text: string): CReading {
  const includes = new Map<string, CInclude>()
  let at = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0
  /** Whether nothing but spaces and comments has been on the line. */
  let fresh = true
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === newline) fresh = true
    else if (code === slash && text.charCodeAt(at + 1) === slash) at = endOfLineComment(text, at) - 1
    else if (code === slash && text.charCodeAt(at + 1) === star) {
      const end = text.indexOf('*/', at + 2)
      at = end < 0 ? text.length : end + 1
    } else if (code === 35 && fresh) {
      fresh = false
      directive.lastIndex = at
      const found = directive.exec(text)
      if (found !== null) {
        at = directive.lastIndex - 1
        const path = found[1] ?? found[2] ?? ''
        if (path.length <= longestSpecifier && includes.size < mostReferences) {
          const system = found[2] !== undefined
          includes.set(`${system} ${path}`, { path, system })
        }
      }
    } else if (code === quote) {
      at = isRaw(text, at) ? endOfRaw(text, at) : endOfText(text, at, quote)
      fresh = false
      // Between digits an apostrophe makes them easier to read.
    } else if (code === apostrophe && !isDigit(text.charCodeAt(at - 1))) {
      at = endOfText(text, at, apostrophe)
      fresh = false
    } else if (code > 32) fresh = false
  }
  return { includes: [...includes.values()].map(({ path, system }) => ({ path: decode(path), system })) }
}

/** A backslash at the end of a line continues the comment. */
function endOfLineComment(text: string, start: number): number {
  let end = text.indexOf('\n', start)
  while (end > 0 && (text.charCodeAt(end - 1) === backslash || text.startsWith('\\\r', end - 2))) {
    end = text.indexOf('\n', end + 1)
  }
  return end < 0 ? text.length : end
}

/** Where the last character of a text is; one without its end stops before the end of the line. */
function endOfText(text: string, start: number, end: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === backslash) {
      if (text.charCodeAt(at + 1) === 13) at++
      at++
    } else if (code === end) return at
    else if (code === newline) return at - 1
  }
  return text.length
}

/** `R"`, `u8R"` and such, but no name that ends in an R. */
function isRaw(text: string, at: number): boolean {
  return text.charCodeAt(at - 1) === 82 && /(?:^|\W)(?:u8|u|U|L)?R$/.test(text.slice(Math.max(0, at - 4), at))
}

/** `R"name(…)name"`; the name has at most 16 characters. */
function endOfRaw(text: string, at: number): number {
  const open = text.slice(at + 1, at + 18).indexOf('(')
  if (open < 0) return endOfText(text, at, quote)
  const name = text.slice(at + 1, at + 1 + open)
  const end = text.indexOf(`)${name}"`, at + open + 2)
  return end < 0 ? text.length : end + name.length + 1
}

function isDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)
}
