/** A place in a source text, moved token by token. Every move is one pass over what it moves over. */
export type Cursor = { readonly text: string; at: number }

const newline = 10
const carriageReturn = 13
const slash = 47
const star = 42
const backslash = 92

/** Over spaces and comments; false when a comment has no end. `seen` gets the text of line comments, without `//`. */
export function skipTrivia(cursor: Cursor, seen?: (comment: string) => void): boolean {
  const { text } = cursor
  for (;;) {
    const code = text.charCodeAt(cursor.at)
    if (code === 32 || (code >= 9 && code <= 13)) cursor.at++
    else if (code === slash && text.charCodeAt(cursor.at + 1) === slash) {
      const start = cursor.at + 2
      cursor.at = endOfLine(text, start)
      seen?.(text.slice(start, cursor.at))
    } else if (code === slash && text.charCodeAt(cursor.at + 1) === star) {
      const end = text.indexOf('*/', cursor.at + 2)
      if (end < 0) return false
      cursor.at = end + 2
    } else return true
  }
}

export function endOfLine(text: string, start: number): number {
  let at = start
  while (at < text.length) {
    const code = text.charCodeAt(at)
    // Text is in Latin-1 here: a U+2028, which also ends a line, is E2 80 A8 or A9.
    if (code === newline || code === carriageReturn) break
    if (code === 0xe2 && text.charCodeAt(at + 1) === 0x80 && (text.charCodeAt(at + 2) | 1) === 0xa9) break
    at++
  }
  return at
}

/** The identifier or keyword here, moved over; empty when there is none. Of ASCII only: others mean no keyword. */
export function takeWord(cursor: Cursor): string {
  const start = cursor.at
  while (isWordCode(cursor.text.charCodeAt(cursor.at))) cursor.at++
  return cursor.text.slice(start, cursor.at)
}

/** The string here, moved over; null when there is none, or one with escapes, or without end. */
export function takeString(cursor: Cursor): string | null {
  const { text } = cursor
  const quote = text.charCodeAt(cursor.at)
  if (quote !== 34 && quote !== 39) return null
  for (let at = cursor.at + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      const value = text.slice(cursor.at + 1, at)
      cursor.at = at + 1
      return value
    }
    if (code === backslash || code === newline || code === carriageReturn) return null
  }
  return null
}

/** Moves over one character when it is there. */
export function take(cursor: Cursor, char: string): boolean {
  if (cursor.text.charCodeAt(cursor.at) !== char.charCodeAt(0)) return false
  cursor.at++
  return true
}

/** Letters, digits, `_`, `$`, and bytes beyond ASCII, which may be letters. */
function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    code >= 128
  )
}
