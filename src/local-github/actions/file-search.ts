import { readdirSync, statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import picomatch from 'picomatch'

/** A file that was found, and where the search for it began. */
export interface FoundFile {
  path: string
  /** The part of the pattern before its first wildcard, as an absolute path. */
  searchPath: string
}

interface Rule {
  exclude: boolean
  searchPath: string
  matches: (path: string) => boolean
}

/**
 * Files that patterns choose, one pattern a line, absolute or from `folder`; sorted by path. `!` takes back what an earlier
 * pattern chose, `#` begins a comment, and a pattern that names a folder chooses everything in it.
 */
export function searchFiles(folder: string, patterns: string): FoundFile[] {
  const lines = patterns.split(/\r?\n/).map((line) => line.trim())
  const rules = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => readRule(folder, line))
  const found = new Map<string, FoundFile>()
  for (const { exclude, searchPath } of rules) {
    if (exclude) continue
    for (const path of filesBelow(searchPath)) {
      const isChosen = rules.reduce((chosen, rule) => (rule.matches(path) ? !rule.exclude : chosen), false)
      if (isChosen && !found.has(path)) found.set(path, { path, searchPath })
    }
  }
  return [...found.values()].sort((one, other) => (one.path < other.path ? -1 : 1))
}

function readRule(folder: string, line: string): Rule {
  const exclude = line.startsWith('!')
  const parts = (exclude ? line.slice(1).trim() : line).split('/')
  const first = parts.findIndex((part) => /[*?[]/.test(part))
  const literal = first < 0 ? parts : parts.slice(0, first)
  const glob = first < 0 ? '' : parts.slice(first).join('/').replace(/\/+$/, '')
  // The empty text before an absolute path's first slash.
  const searchPath = resolve(folder, literal.join('/') || (literal.length > 0 ? '/' : '.'))
  const fits = glob === '' ? () => true : picomatch([glob, `${glob}/**`], { dot: true, noext: true, nobrace: true })
  const matches = (path: string) => {
    if (path === searchPath) return glob === ''
    return isBelow(path, searchPath) && fits(relative(searchPath, path))
  }
  return { exclude, searchPath, matches }
}

/** Whether a path is inside of a folder. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

function filesBelow(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return []
  if (!stats.isDirectory()) return [path]
  const entries = readdirSync(path, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
