/** Moves through Rust source token by token; comments and texts are passed over. Every move is one pass. */
export type RustCursor = {
  at: number
  /**
   * The next token: a word, `::`, one character of punctuation, `"` for a text (then `text` says what it says), or the
   * empty string at the end.
   */
  next(): string
  /** What the last text says; null for one with escapes, or a character. */
  readonly text: string | null
}

export function createRustCursor(source: string): RustCursor {
  let at = source.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0
  // A first line `#!/…` is no attribute.
  if (source.startsWith('#!', at) && !/^#!\s*\[/.test(source.slice(at, at + 100))) at = endOfLine(source, at)
  let text: string | null = null

  const skip = () => {
    for (;;) {
      const code = source.charCodeAt(at)
      if (code === 32 || (code >= 9 && code <= 13)) at++
      else if (code !== 47) return
      else if (source.charCodeAt(at + 1) === 47) at = endOfLine(source, at)
      else if (source.charCodeAt(at + 1) === 42) skipBlock()
      else return
    }
  }

  /** Block comments nest. */
  const skipBlock = () => {
    let depth = 0
    for (; at < source.length; at++) {
      const code = source.charCodeAt(at)
      const next = source.charCodeAt(at + 1)
      if (code === 47 && next === 42) {
        depth++
        at++
      } else if (code === 42 && next === 47) {
        at++
        if (--depth === 0) break
      }
    }
    at++
  }

  const takeText = () => {
    const start = ++at
    let plain = true
    for (; at < source.length; at++) {
      const code = source.charCodeAt(at)
      if (code === 92) {
        plain = false
        at++
      } else if (code === 34) break
    }
    text = plain ? source.slice(start, at) : null
    at++
    return '"'
  }

  /** `r#"…"#`, at its hashes; null where it is none. */
  const takeRaw = () => {
    let hashes = 0
    while (source.charCodeAt(at + hashes) === 35) hashes++
    if (source.charCodeAt(at + hashes) !== 34) return null
    const start = at + hashes + 1
    const end = source.indexOf(`"${'#'.repeat(hashes)}`, start)
    text = end < 0 ? null : source.slice(start, end)
    at = end < 0 ? source.length : end + 1 + hashes
    return '"'
  }

  /** A character, or a lifetime, which has no second quote. */
  const takeQuote = () => {
    if (source.charCodeAt(at + 1) === 92) {
      at += 3
      while (at < source.length && source.charCodeAt(at) !== 39 && source.charCodeAt(at) !== 10) at++
      at++
    } else {
      // One character may be up to four bytes here.
      const bytes = bytesOf(source.charCodeAt(at + 1))
      at += source.charCodeAt(at + 1 + bytes) === 39 ? bytes + 2 : 1
    }
    return "'"
  }

  return {
    get at() {
      return at
    },
    set at(place) {
      at = place
    },
    get text() {
      return text
    },
    next: () => {
      skip()
      if (at >= source.length) return ''
      const code = source.charCodeAt(at)
      if (isWord(code)) {
        const start = at
        do at++
        while (isWord(source.charCodeAt(at)))
        const word = source.slice(start, at)
        if (word === 'r' || word === 'br' || word === 'cr') {
          const raw = takeRaw()
          if (raw !== null) return raw
          // `r#type` is a name.
          if (word === 'r' && source.charCodeAt(at) === 35 && isWord(source.charCodeAt(at + 1))) {
            const name = ++at
            while (isWord(source.charCodeAt(at))) at++
            return source.slice(name, at)
          }
        }
        return word
      }
      if (code === 34) return takeText()
      if (code === 39) return takeQuote()
      if (code === 58 && source.charCodeAt(at + 1) === 58) {
        at += 2
        return '::'
      }
      return source[at++] ?? ''
    },
  }
}

function endOfLine(source: string, at: number): number {
  const end = source.indexOf('\n', at)
  return end < 0 ? source.length : end
}

function bytesOf(first: number): number {
  if (first >= 240) return 4
  if (first >= 224) return 3
  return first >= 192 ? 2 : 1
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
