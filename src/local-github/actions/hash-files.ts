import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import picomatch from 'picomatch'

import type { ExpressionFunction } from './expression.ts'
import { toData } from './expression-data.ts'

/** `hashFiles('**' + '/package-lock.json', …)` below a workspace: '' when no file matches. */
export function hashFilesFunction(workspace: string): ExpressionFunction {
  return {
    name: 'hashFiles',
    minArgs: 1,
    maxArgs: 255,
    call: (...patterns) =>
      toData(
        hashFiles(
          workspace,
          patterns.map((pattern) => pattern.coerceString()),
        ),
      ),
  }
}

function hashFiles(workspace: string, patterns: string[]): string {
  const files = matchFiles(
    workspace,
    patterns.flatMap((pattern) => pattern.split('\n')),
  )
  if (files.length === 0) return ''
  const whole = createHash('sha256')
  for (const file of files)
    whole.update(
      createHash('sha256')
        .update(readFileSync(join(workspace, file)))
        .digest(),
    )
  return whole.digest('hex')
}

/**
 * Files below a folder that the patterns choose, as paths from it, sorted. `!` takes back what an earlier pattern chose;
 * a pattern that names a folder chooses everything in it.
 */
export function matchFiles(folder: string, patterns: string[]): string[] {
  const rules = patterns
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '' && !pattern.startsWith('#'))
    .map((pattern) => {
      const exclude = pattern.startsWith('!')
      const path = fromFolder(folder, exclude ? pattern.slice(1).trim() : pattern)
      return {
        exclude,
        matches: picomatch(path === '' ? '**' : [path, `${path}/**`], { dot: true, noext: true, nobrace: true }),
      }
    })
  if (rules.length === 0) return []
  return listFiles(folder).filter((file) =>
    rules.reduce((chosen, rule) => (rule.matches(file) ? !rule.exclude : chosen), false),
  )
}

function fromFolder(folder: string, pattern: string): string {
  const path = isAbsolute(pattern) ? relative(folder, pattern) : pattern
  return path
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '')
}

function listFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort()
}
