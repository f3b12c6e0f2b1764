import type { Finding } from '../model.ts'
import { codeSpan, inline, link } from './escape.ts'

/** A list of items that are already Markdown; what is beyond the most is counted. `null` when there is none. */
export function bullets(items: readonly string[], most = 50): string | null {
  if (items.length === 0) return null
  const shown = items.slice(0, most).map((item) => `- ${item}`)
  if (items.length > most) shown.push(`- … and ${items.length - most} more`)
  return shown.join('\n')
}

/** A table of cells that are already Markdown, `null` without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], most = 100): string | null {
  if (rows.length === 0) return null
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const shown = rows.slice(0, most).map(line)
  if (rows.length > most) shown.push(line([`… and ${rows.length - most} more`, ...head.slice(1).map(() => '')]))
  return [line(head), `|${head.map(() => '---|').join('')}`, ...shown].join('\n')
}

/** A folded part; `summary` is ours and plain. */
export function details(summary: string, markdown: string | null): string | null {
  return markdown === null || markdown === ''
    ? null
    : `<details><summary>${summary}</summary>\n\n${markdown}\n\n</details>`
}

/** A heading with what stands under it, `null` when that is nothing. */
export function section(heading: string, markdown: string | null): string | null {
  return markdown === null || markdown === '' ? null : `### ${heading}\n\n${markdown}`
}

const SIGNS = { error: '❌', warning: '⚠️', info: 'ℹ️' }

/** Reasons as a list: what, where, and under it the remedy. */
export function findingList(findings: readonly Finding[], most = 30): string | null {
  return bullets(findings.map(findingItem), most)
}

function findingItem({ severity, message, path, line, remedy }: Finding): string {
  const where = path === undefined ? '' : ` (${codeSpan(line === undefined ? path : `${path}:${line}`)})`
  const what = `${SIGNS[severity]} ${inline(message, 800)}${where}`
  return remedy === undefined ? what : `${what}\n  → ${withLinks(remedy)}`
}

/** What to do may name an address, such as that of a log; it is worth a click. */
function withLinks(remedy: string): string {
  return remedy
    .slice(0, 800)
    .split(ADDRESS)
    .map((part, at) => (at % 2 === 0 ? spaced(part) : link(inline(part, 800), part)))
    .join('')
    .trim()
}

const ADDRESS = /(\bhttps?:\/\/[^\s<>"'`()]+[^\s<>"'`().,;:!?])/

function spaced(text: string): string {
  const words = inline(text, 800)
  return words === '' ? ' ' : `${/^\s/.test(text) ? ' ' : ''}${words}${/\s$/.test(text) ? ' ' : ''}`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** `a, b and c` */
export function sentence(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
