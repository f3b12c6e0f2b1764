import { exactly } from './globs.ts'
import { globFault } from './revision-grammar.ts'
import { oneLine } from './visible.ts'

/**
 * The globs for paths that a model names: a file is itself, a directory of the tree is all in it, a glob stays. A text says
 * what is wrong with one of them.
 */
export function scopeOfPaths(named: string[], paths: string[]): string[] | string {
  const directories = new Set(paths.flatMap(directoriesOf))
  const scope: string[] = []
  for (const written of named) {
    const path = written.replace(/^\.?\//, '').replace(/\/+$/, '')
    if (path === '' || path === '.') return 'it named the whole repository as the place of a task'
    if (paths.includes(path)) scope.push(exactly(path))
    else if (directories.has(path)) scope.push(`${exactly(path)}/**`)
    else {
      const why = globFault(path)
      if (why !== null) return `the path “${oneLine(written, 80)}” ${why}`
      scope.push(path)
    }
  }
  return [...new Set(scope)].sort()
}

function directoriesOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}
