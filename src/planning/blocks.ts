import MarkdownIt, { type Token } from 'markdown-it'
import { withoutComments } from './visible.ts'

/** A part of a Markdown text, with the line it begins on, counted from 1. */
export type Block =
  | { kind: 'heading'; text: string; line: number }
  | { kind: 'fence'; info: string; content: string; closed: boolean; quoted: boolean; line: number }
  | { kind: 'text'; text: string; quoted: boolean; item: boolean; line: number }
  | { kind: 'comment'; text: string; line: number }

// Only the block structure is needed: without the inline rules the work stays linear on hostile input, and a text keeps
// its Markdown. HTML is parsed so that it is recognised, and then shown as text or, for comments, taken out.
const markdown = new MarkdownIt({ html: true }).disable([
  'inline',
  'linkify',
  'replacements',
  'smartquotes',
  'text_join',
  'table',
])

/** Cuts a Markdown text into its blocks, in order. Link definitions, which nobody sees, are left out. */
export function readBlocks(text: string): Block[] {
  const blocks: Block[] = []
  let quotes = 0
  let items = 0
  let heading = false
  for (const token of markdown.parse(`${text}\n`, {})) {
    if (token.type.startsWith('blockquote_')) quotes += token.nesting
    if (token.type.startsWith('list_item_')) items += token.nesting
    if (token.type.startsWith('heading_')) heading = token.nesting === 1
    const line = (token.map?.[0] ?? 0) + 1
    if (token.type === 'fence') blocks.push(fence(token, quotes > 0, line))
    if (token.type !== 'inline' && token.type !== 'html_block' && token.type !== 'code_block') continue
    const visible = withoutComments(token.content)
    for (const comment of visible.comments) blocks.push({ kind: 'comment', text: comment, line })
    const content = visible.text.trim()
    if (content === '') continue
    if (heading) blocks.push({ kind: 'heading', text: content, line })
    else blocks.push({ kind: 'text', text: content, quoted: quotes > 0, item: items > 0, line })
  }
  return blocks
}

function fence(token: Token, quoted: boolean, line: number): Block {
  // The closing line belongs to the token; where the text ended before it, the token has one line less.
  const inside = token.content.split('\n').length - 1
  const closed = token.map !== null && token.map[1] - token.map[0] === inside + 2
  return { kind: 'fence', info: token.info.trim(), content: token.content, closed, quoted, line }
}
