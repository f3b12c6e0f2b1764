/**
 * Parses JSON with comments and trailing commas, as tsconfig files are written. Undefined when it is not even that.
 * One pass over the text, whatever is in it.
 */
export function parseJsonc(text: string): unknown {
  const json = text.replace(/^\uFEFF/, '')
  return parseJson(json) ?? parseJson(plainJson(json))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const nextOfInterest = /["/,]/g

function plainJson(text: string): string {
  let plain = ''
  let at = 0
  while (at < text.length) {
    nextOfInterest.lastIndex = at
    const found = nextOfInterest.exec(text)
    if (found === null) return plain + text.slice(at)
    plain += text.slice(at, found.index)
    at = found.index
    if (found[0] === '"') {
      const end = endOfString(text, at)
      plain += text.slice(at, end)
      at = end
    } else if (found[0] === ',') {
      const next = skipTrivia(text, at + 1)
      if (text[next] !== '}' && text[next] !== ']') plain += ','
      at = next
    } else {
      const next = skipTrivia(text, at)
      // A slash that begins no comment is a fault, and JSON.parse shall say so.
      if (next === at) plain += '/'
      at = Math.max(next, at + 1)
    }
  }
  return plain
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return Math.min(at + 1, text.length)
}

function skipTrivia(text: string, start: number): number {
  let at = start
  for (;;) {
    const char = text[at]
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') at++
    else if (text.startsWith('//', at)) at = endOr(text.indexOf('\n', at), text)
    else if (text.startsWith('/*', at)) at = endOr(text.indexOf('*/', at + 2), text) + 2
    else return Math.min(at, text.length)
  }
}

function endOr(found: number, text: string): number {
  return found < 0 ? text.length : found
}
