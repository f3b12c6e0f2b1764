import MarkdownIt from 'markdown-it'

import { escapeHtml, trusted, type Html } from './html.ts'
import { linkReferences, type Place } from './references.ts'
import { sanitise } from './sanitise.ts'
import { taskLists } from './task-lists.ts'

/*
 * GitHub's Markdown: CommonMark with tables, strikethrough, task lists and bare addresses as links, raw HTML let through and
 * then sanitised, at last references linked. A line end within a paragraph is a line end, as in GitHub's comments.
 */

const parser = new MarkdownIt({ html: true, linkify: true, breaks: true })
parser.linkify.set({ fuzzyLink: false })
parser.linkify.add('//', null).add('ftp:', null)
taskLists(parser)

// The language goes where the sanitiser lets it through and the script that draws diagrams looks for it.
parser.renderer.rules.fence = (tokens, index) => {
  const { info = '', content = '' } = tokens[index] ?? {}
  const language = info.trim().split(/\s+/)[0] ?? ''
  return `<pre${language === '' ? '' : ` lang="${escapeHtml(language)}"`}><code>${escapeHtml(content)}</code></pre>\n`
}

// Columns are aligned by a style, which the sanitiser drops; GitHub has the attribute.
parser.core.ruler.push('align', ({ tokens }) => {
  for (const token of tokens) {
    const align = /^text-align:(left|right|center)$/.exec(String(token.attrGet('style')))?.[1]
    if (align === undefined) continue
    token.attrs = (token.attrs ?? []).filter(([name]) => name !== 'style')
    token.attrSet('align', align)
  }
})

/** A stranger's Markdown as HTML that does no harm. */
export function markdown(place: Place, text: string | null): Html {
  return trusted(linkReferences(place, rendered(text ?? '')))
}

/** A stranger's line, such as a commit's subject, with its references linked and nothing else. */
export function plainText(place: Place, text: string): Html {
  return trusted(linkReferences(place, escapeHtml(text)))
}

/** Numbers of the issues of the place's own repository that a text refers to. */
export function referencesIn(place: Place, text: string | null): Set<number> {
  const found = new Set<number>()
  linkReferences(place, rendered(text ?? ''), (number) => found.add(number))
  return found
}

const KEPT = 300
const known = new Map<string, string>()

/** A text is always the same HTML, and a page that follows something shows the same texts again and again. */
function rendered(text: string): string {
  const found = known.get(text)
  if (found !== undefined) return found
  const made = sanitise(parser.render(text))
  known.set(text, made)
  const [oldest] = known.keys()
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest)
  return made
}
