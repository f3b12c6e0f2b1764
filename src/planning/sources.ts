import type { Finding, TaskSource } from '../model.ts'
import { readDiff } from './diff-files.ts'
import { checkPath } from './paths.ts'

/** What one fenced block or one line of a request asks for, or why that cannot be told. */
export type Reading =
  | { kind: 'source'; source: TaskSource }
  | { kind: 'file'; path: string; content: string }
  | { kind: 'fault'; finding: Finding }
  | { kind: 'illustration' }

/** `where` names the place for people: "line 12 of the issue". */
export type Place = { where: string; line: number }

/**
 * Reads a fenced block by its info string: `diff` or `patch` is a unified diff; `path=src/x.ts`, `file=src/x.ts` or
 * `ts:src/x.ts` is a whole file; any other block is an illustration.
 */
export function readFence(info: string, content: string, closed: boolean, place: Place): Reading {
  const first = (info.split(/\s/, 1)[0] ?? '').toLowerCase()
  const isDiff = first === 'diff' || first === 'patch'
  const path = isDiff ? null : namedPath(info)
  if (!isDiff && path === null) return { kind: 'illustration' }
  if (!closed) {
    return fault('information-missing', place, 'The block is not closed.', 'Close it with a line of as many backticks.')
  }
  if (path !== null) return wholeFile(path, content, place)
  const read = readDiff(content)
  if (read.ok) return { kind: 'source', source: { kind: 'diff', diff: content } }
  const at = `line ${read.line} of the diff`
  return fault('patch-malformed', place, `The diff ${read.message} (${at}).`, read.remedy)
}

function wholeFile(written: string, content: string, place: Place): Reading {
  const path = checkPath(written)
  if (path.ok) return { kind: 'file', path: path.path, content }
  const remedy = 'Name the file relative to the root of the repository, like `ts path=src/server.ts`.'
  return fault('information-missing', place, `The block names the path \`${written}\`, which ${path.why}.`, remedy)
}

/** The path in an info string; quotes allow spaces in it. */
function namedPath(info: string): string | null {
  const named = /(?:^|\s)(?:path|file)=(?:"([^"]*)"|'([^']*)'|(\S*))/.exec(info)
  if (named !== null) return named[1] ?? named[2] ?? named[3] ?? ''
  return /^[A-Za-z0-9+#_-]+:(\S+)/.exec(info)?.[1] ?? null
}

/** Reads a line such as `Recipe: format`; `null` when the line is no such line. */
export function readRecipe(line: string, place: Place): Reading | null {
  const match = /^recipe:(.*)$/i.exec(line.trim())
  if (match === null) return null
  const name = (match[1] ?? '').trim().replace(/^`(.*)`$/, '$1')
  if (/^[a-z0-9][a-z0-9._-]{0,49}$/.test(name)) return { kind: 'source', source: { kind: 'recipe', recipe: name } }
  const remedy = 'Write `Recipe: <name>` with the name of an agent in .github/pawl.yml, alone on its line.'
  return fault('recipe-unknown', place, 'The line names no recipe.', remedy)
}

function fault(rule: Finding['rule'], place: Place, message: string, remedy: string): Reading {
  const finding: Finding = {
    gate: 'preflight',
    severity: 'error',
    rule,
    message: `${message} See ${place.where}.`,
    remedy,
    line: place.line,
  }
  return { kind: 'fault', finding }
}
