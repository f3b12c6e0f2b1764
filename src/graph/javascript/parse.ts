import { parseSync } from 'oxc-parser'
import type { ParseResult, ParserOptions } from 'oxc-parser'

import type { Language } from './language.ts'

type Attempt = { lang: Language; sourceType: 'module' | 'commonjs' }

export type Parsed = { ok: true; result: ParseResult } | { ok: false; fault: string }

/**
 * Parses a text whole. A script that is no module (a `return` at its top, sloppy names) is tried as such, and JavaScript
 * that is really Flow or TypeScript as TypeScript. This may end the process on hostile input: call it only in a process
 * that may die.
 */
export function parseText(language: Language, text: string): Parsed {
  let fault = ''
  for (const attempt of attempts(language)) {
    const options: ParserOptions & { experimentalRawTransfer: boolean } = { ...attempt, experimentalRawTransfer: true }
    // The parser refuses what says it is Flow; most Flow is also TypeScript.
    const source = language === 'jsx' && attempt.lang === 'tsx' ? text.replaceAll('@flow', '@none') : text
    const result = parseSync('file', source, options)
    const error = result.errors[0]
    // The parser mends small errors and goes on; after a great one it gives an empty program.
    if (error === undefined || result.program.body.length > 0) return { ok: true, result }
    fault ||= error.message
  }
  return { ok: false, fault }
}

function attempts(lang: Language): Attempt[] {
  if (lang === 'dts') return [{ lang, sourceType: 'module' }]
  const tries: Attempt[] = [
    { lang, sourceType: 'module' },
    { lang, sourceType: 'commonjs' },
  ]
  return lang === 'jsx' ? [...tries, { lang: 'tsx', sourceType: 'module' }] : tries
}
