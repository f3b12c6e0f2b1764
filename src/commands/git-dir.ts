import { execFileSync } from 'node:child_process'
import { UsageError } from './failure.ts'

/** The git directory of a checkout or bare repository, absolute. */
export function gitDirOf(path: string): string {
  try {
    return execFileSync('git', ['-C', path, 'rev-parse', '--absolute-git-dir'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    throw new UsageError(`${path} is not a git repository: name one with --repo.`)
  }
}
