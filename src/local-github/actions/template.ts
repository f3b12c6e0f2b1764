export type TemplatePart = { kind: 'text'; text: string } | { kind: 'expression'; source: string }

/** Splits a text at its `${{ … }}`; braces inside of an expression's quoted strings do not end it. No parts for ''. */
export function splitTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = []
  let at = 0
  while (at < text.length) {
    const start = text.indexOf('${{', at)
    const end = start < 0 ? -1 : endOfExpression(text, start + 3)
    if (end < 0) break
    if (start > at) parts.push({ kind: 'text', text: text.slice(at, start) })
    parts.push({ kind: 'expression', source: text.slice(start + 3, end) })
    at = end + 2
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) })
  return parts
}

function endOfExpression(text: string, from: number): number {
  let quoted = false
  for (let at = from; at < text.length; at += 1) {
    // A doubled quote closes and opens again, which comes to the same.
    if (text[at] === "'") quoted = !quoted
    else if (!quoted && text.startsWith('}}', at)) return at
  }
  return -1
}
