/**
 * Characters that a reader cannot see but a compiler, a shell or a model reads: bidirectional controls, zero-width
 * characters and Unicode tags ("Trojan Source", CVE-2021-42574).
 */
const hidden =
  /\u034F|[\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\u{E0000}-\u{E007F}]/gu

/** The hidden characters of a text as `U+202E`, each once, in the order of their first appearance. */
export function hiddenCharacters(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(hidden), (match) => name(match[0])))]
}

/** The text with each hidden character written out as `⟨U+202E⟩`. */
export function showHidden(text: string): string {
  return text.replace(hidden, (character) => `⟨${name(character)}⟩`)
}

function name(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** Takes HTML comments out of a Markdown text in one pass; an unclosed comment swallows the rest, as in a browser. */
export function withoutComments(text: string): { text: string; comments: string[] } {
  const comments: string[] = []
  let kept = ''
  let at = 0
  for (;;) {
    const begin = text.indexOf('<!--', at)
    if (begin < 0) return { text: kept + text.slice(at), comments }
    const end = text.indexOf('-->', begin + 4)
    kept += text.slice(at, begin)
    comments.push(text.slice(begin + 4, end < 0 ? text.length : end).trim())
    if (end < 0) return { text: kept, comments }
    at = end + 3
  }
}

/** One line of visible text, cut to a length: what may stand in a title or a commit's subject. */
export function oneLine(text: string, longest = 80): string {
  const line = showHidden(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  const characters = Array.from(line.slice(0, longest * 4))
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join('')}…`
}
