/**
 * Moves through Python source token by token, knowing what is text and where lines end: brackets, triple quotes and
 * backslashes continue a line. Every move is one pass over what it moves over.
 */
export type PythonCursor = {
  at: number
  /** How far the line begins, in columns; a tab reaches to the next multiple of eight. */
  readonly indent: number
  /** To the first token of the next line that has one; false at the end. */
  nextLine(): boolean
  /** The word here, after spaces, moved over; empty when there is none. */
  word(): string
  /** Moves over one character, after spaces, when it is there; brackets are counted. */
  take(char: string): boolean
  /** What a string here says, moved over; null for none, or one that is more than characters between quotes. */
  plainString(): string | null
  /**
   * Over the next token: a word that it moved over, `statement` when another statement may begin here (after a colon or
   * semicolon), `end` at the end of the line, or nothing.
   */
  next(): string
}

export function createPythonCursor(text: string): PythonCursor {
  let at = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0
  let indent = 0
  let depth = 0

  /** Over spaces, comments and continued lines; within brackets also over the ends of lines. */
  const skip = () => {
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === 35) {
        const end = text.indexOf('\n', at)
        at = (end < 0 ? text.length : end) - 1
      } else if (code === 92) {
        const next = text.charCodeAt(at + 1)
        if (next === 13 && text.charCodeAt(at + 2) === 10) at += 2
        else if (next === 10 || next === 13) at++
        else return
      } else if (code === 10 || code === 13) {
        if (depth === 0) return
      } else if (code !== 32 && code !== 9 && code !== 12) return
    }
  }

  const word = () => {
    skip()
    const start = at
    while (isWord(text.charCodeAt(at))) at++
    return text.slice(start, at)
  }

  const skipString = (quote: number) => {
    const isTriple = text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote
    at += isTriple ? 3 : 1
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === 92) {
        if (text.charCodeAt(at + 1) === 13 && text.charCodeAt(at + 2) === 10) at++
        at++
      } else if (code === quote) {
        if (!isTriple) {
          at++
          return
        }
        if (text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote) {
          at += 3
          return
        }
        // A string without its end ends with the line.
      } else if (!isTriple && (code === 10 || code === 13)) return
    }
  }

  const bracket = (char: string | undefined) => {
    if (char === '(' || char === '[' || char === '{') depth++
    else if ((char === ')' || char === ']' || char === '}') && depth > 0) depth--
  }

  return {
    get at() {
      return at
    },
    set at(place) {
      at = place
    },
    get indent() {
      return indent
    },
    nextLine: () => {
      depth = 0
      indent = 0
      for (; at < text.length; at++) {
        const code = text.charCodeAt(at)
        if (code === 32) indent++
        else if (code === 9) indent = (indent | 7) + 1
        else if (code === 10 || code === 13 || code === 12) indent = 0
        else if (code === 35) {
          const end = text.indexOf('\n', at)
          at = (end < 0 ? text.length : end) - 1
        } else return true
      }
      return false
    },
    word,
    take: (char) => {
      skip()
      if (text[at] !== char) return false
      bracket(char)
      at++
      return true
    },
    plainString: () => {
      skip()
      const start = at
      const quote = text.charCodeAt(at)
      if (quote !== 34 && quote !== 39) return null
      skipString(quote)
      const value = text.slice(start + 1, at - 1)
      return /^[\w.]{1,1000}$/.test(value) ? value : null
    },
    next: () => {
      skip()
      if (at >= text.length) return 'end'
      const code = text.charCodeAt(at)
      if (code === 10 || code === 13) return 'end'
      if (code === 34 || code === 39) {
        skipString(code)
        return ''
      }
      if (isWord(code)) return word()
      at++
      bracket(text[at - 1])
      return depth === 0 && (code === 58 || code === 59) ? 'statement' : ''
    },
  }
}

/** Letters, digits, underscores, and bytes beyond ASCII, which may be letters. */
function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code >= 128
  )
}
