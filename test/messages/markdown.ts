import MarkdownIt, { type Token } from 'markdown-it'

// As GitHub reads a comment: tables, raw HTML, bare addresses and names of hosts become links.
const markdown = new MarkdownIt({ html: true, linkify: true, breaks: true })

export function parse(text: string): Token[] {
  return markdown.parse(text, {})
}

/** The block structure, one word a token. */
export function blocks(text: string): string {
  return parse(text)
    .map((token) => token.type)
    .join(' ')
}

export function inlineTokens(text: string): Token[] {
  return parse(text).flatMap((token) => token.children ?? [])
}

/** What a reader sees of the text outside code; the zero-width spaces are kept. */
export function visibleText(text: string): string {
  const shown = (token: Token) => (token.type === 'text' || token.type === 'text_special' ? token.content : '\n')
  return parse(text)
    .map((token) => (token.children ?? []).map(shown).join(''))
    .join('\n')
}
