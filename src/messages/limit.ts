/** The most characters GitHub takes in a comment or in the body of an issue or pull request. */
export const LONGEST_COMMENT = 65_536

const NOTE = '_Cut here: the whole text is longer than GitHub allows. `pawl audit show` prints all of it._'

/**
 * Cuts a text to a length, between lines, closing what is open at that place, and says so. It reads the Markdown that the
 * renderers write: fences and `<details>` begin at the start of a line.
 */
export function limit(markdown: string, longest = LONGEST_COMMENT): string {
  if (markdown.length <= longest) return markdown
  const kept: string[] = []
  let open: string[] = []
  let length = 0
  for (const line of markdown.split('\n')) {
    const next = opened(open, line)
    const whole = length + line.length + 1 + closing(next).length
    if (whole > longest) break
    kept.push(line)
    length += line.length + 1
    open = next
  }
  return kept.join('\n') + closing(open)
}

/** What is open after a line: the ticks of a fence, or `<details>`, outermost first. */
function opened(open: string[], line: string): string[] {
  const last = open.at(-1)
  const ticks = /^`{3,}/.exec(line)?.[0]
  if (last?.startsWith('`')) return line.trimEnd() === last ? open.slice(0, -1) : open
  if (ticks !== undefined) return [...open, ticks]
  if (line.startsWith('<details>')) return [...open, '</details>']
  return last === '</details>' && line.startsWith('</details>') ? open.slice(0, -1) : open
}

function closing(open: string[]): string {
  return [...open.toReversed().map((end) => `\n${end}\n`), `\n${NOTE}`].join('')
}
