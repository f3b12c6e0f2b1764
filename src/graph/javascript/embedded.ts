import type { Embedding, Language } from './language.ts'

const opening = /<script\b([^>]{0,1000})>/gi
const closing = /<\/script/gi

/**
 * The script blocks of a component file as one text, and the language they are in together. Astro's front matter, between
 * lines of three dashes at the top, is TypeScript; so is a block with `lang="ts"`.
 */
export function embeddedScript(embedding: Embedding, text: string): { language: Language; script: string } {
  const parts: string[] = []
  let typed = embedding === 'astro'
  let jsx = false
  let at = 0
  if (embedding === 'astro') {
    const front = /^\s*---[ \t]*\r?\n/.exec(text)
    const end = front === null ? -1 : text.indexOf('\n---', front[0].length - 1)
    if (front !== null && end >= 0) {
      parts.push(text.slice(front[0].length, end))
      at = end
    }
  }
  for (;;) {
    opening.lastIndex = at
    const tag = opening.exec(text)
    if (tag === null) break
    const start = tag.index + tag[0].length
    closing.lastIndex = start
    const end = closing.exec(text)?.index
    if (end === undefined) break
    const attributes = tag[1] ?? ''
    const source = /\bsrc\s*=\s*["']([^"']+)["']/.exec(attributes)?.[1]
    if (source !== undefined) parts.push(`import ${JSON.stringify(source)}`)
    const language = /\blang\s*=\s*["']?([a-z]+)/.exec(attributes)?.[1]
    if (language === 'ts' || language === 'tsx') typed = true
    if (language === 'tsx' || language === 'jsx') jsx = true
    parts.push(text.slice(start, end))
    at = end
  }
  const script = parts.join('\n;\n')
  return { language: typed ? (jsx ? 'tsx' : 'ts') : 'jsx', script }
}
