import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import type { ExpressionFunction } from './expression.ts'
import { toData } from './expression-data.ts'
import { isBelow, searchFiles } from './file-search.ts'

/** `hashFiles(pattern, …)` below a workspace: one hash over those of the files, or '' when no file matches. */
export function hashFilesFunction(workspace: string): ExpressionFunction {
  return {
    name: 'hashFiles',
    minArgs: 1,
    maxArgs: 255,
    call: (...patterns) => toData(hashFiles(workspace, patterns.map((pattern) => pattern.coerceString()).join('\n'))),
  }
}

function hashFiles(workspace: string, patterns: string): string {
  const files = searchFiles(workspace, patterns).filter(({ path }) => isBelow(path, workspace))
  if (files.length === 0) return ''
  const whole = createHash('sha256')
  for (const { path } of files) whole.update(createHash('sha256').update(readFileSync(path)).digest())
  return whole.digest('hex')
}
