import { execFileSync, spawnSync } from 'node:child_process'
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

/**
 * The git directory of a checkout or bare repository, absolute, and the full name of the commit that a revision means: in one
 * question, which costs as much as starting git.
 */
export function commitOf(path: string, revision: string): { gitDir: string; commit: string } {
  const question = [
    '-C',
    path,
    'rev-parse',
    '--absolute-git-dir',
    '--verify',
    '--end-of-options',
    `${revision}^{commit}`,
  ]
  const { stdout, status } = spawnSync('git', question, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const [gitDir = '', commit = ''] = (stdout ?? '').trim().split('\n')
  if (gitDir === '') throw notARepository(path)
  if (status !== 0) throw new UsageError(`${revision} names no commit of ${path}: name one with --commit.`)
  return { gitDir, commit }
}

/** The git directory of a checkout or bare repository, absolute. */
export function gitDirOf(path: string): string {
  try {
    return execFileSync('git', ['-C', path, 'rev-parse', '--absolute-git-dir'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    throw notARepository(path)
  }
}

function notARepository(path: string): UsageError {
  return new UsageError(`${path} is not a git repository: name one with --repo.`)
}
