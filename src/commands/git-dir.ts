import { execFileSync } from 'node:child_process'
import { UsageError } from './failure.ts'

/** The branch and commit that are checked out. */
export function headOf(gitDir: string): { branch: string; commit: string } {
  const ask = (...args: string[]) =>
    execFileSync('git', ['--git-dir', gitDir, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  try {
    return { commit: ask('rev-parse', '--verify', 'HEAD'), branch: ask('rev-parse', '--abbrev-ref', 'HEAD') }
  } catch {
    throw new UsageError(`${gitDir} has no commit: make one first.`)
  }
}

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
