import MarkdownIt from 'markdown-it'

/** A link definition that no link refers to: GitHub shows nothing of it, so it can only be meant for whoever reads the source. */
export type Unseen = { text: string; line: number }

const markdown = new MarkdownIt({ html: true }).disable([
  'inline',
  'linkify',
  'replacements',
  'smartquotes',
  'text_join',
])

/** Blocks that show their lines; a definition is within none of them. */
const SHOWN = new Set(['inline', 'fence', 'code_block', 'html_block', 'hr', 'heading_open', 'table_open'])

/** The link definitions of a Markdown text that are used nowhere in it, such as `[//]: # (a note to machines)`. */
export function unseenDefinitions(text: string): Unseen[] {
  const lines = text.split(/\r\n|\r|\n/)
  const shown = new Set<number>()
  for (const { type, map } of markdown.parse(text, {})) {
    if (map === null || !SHOWN.has(type)) continue
    for (let line = map[0]; line < map[1]; line += 1) shown.add(line)
  }
  const used = labelsIn(lines.filter((_, at) => shown.has(at)).join('\n'))
  let unused = false
  return lines.flatMap((line, at) => {
    if (line.trim() === '' || shown.has(at)) {
      unused = false
      return []
    }
    const [, label] = /^[\s>*+-]*\[([^\]]+)\]:/.exec(line) ?? []
    // A definition may go on in the next lines, which share its fate.
    if (label !== undefined) unused = !used.has(label.toLowerCase())
    return unused ? [{ text: line.trim(), line: at + 1 }] : []
  })
}

/** Everything in brackets, once: what a definition may be for. */
function labelsIn(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(/\[([^[\]]{1,999})\]/g), ([, label = '']) => label.toLowerCase()))
}

/** The text without them. */
export function withoutUnseenDefinitions(text: string): string {
  const unseen = new Set(unseenDefinitions(text).map(({ line }) => line))
  if (unseen.size === 0) return text
  return text
    .split(/\r\n|\r|\n/)
    .filter((_, at) => !unseen.has(at + 1))
    .join('\n')
}
