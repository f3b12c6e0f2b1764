import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** What a file is to be: text or bytes, an executable, a symlink, a submodule at a commit, or gone. */
export type OriginFile = string | Buffer | { run: string } | { link: string } | { module: string } | null

/** A bare repository in a directory of its own, and the work tree through which a test changes it. */
export type Origin = {
  path: string
  url: string
  /** Runs git in the bare repository and gives what it printed. */
  git(...args: string[]): string
  /** Puts the files on top of a branch, which begins at `from` when it is new, and gives the commit. */
  commit(files: Record<string, OriginFile>, branch?: string, from?: string): string
  remove(): void
}

const ENV = {
  PATH: process.env['PATH'],
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
}

export function createOrigin(): Origin {
  const root = mkdtempSync(join(tmpdir(), 'pawl-origin-'))
  const path = join(root, 'acme', 'shop.git')
  const work = join(root, 'work')
  const run = (cwd: string, args: string[]) =>
    execFileSync('git', args, { cwd, env: ENV, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  mkdirSync(path, { recursive: true })
  run(path, ['init', '--quiet', '--bare', '-b', 'main'])
  run(root, ['clone', '--quiet', path, work])
  return {
    path,
    url: `file://${path}`,
    git: (...args) => run(path, args),
    commit(files, branch = 'main', from) {
      run(work, ['fetch', '--quiet', 'origin'])
      const known = run(work, ['branch', '--remotes', '--list', `origin/${branch}`]) !== ''
      const start = from ?? (known ? `origin/${branch}` : null)
      run(work, start ? ['checkout', '--quiet', '-f', '-B', branch, start] : ['checkout', '--quiet', '-B', branch])
      run(work, ['clean', '--quiet', '-ffdx'])
      for (const [name, file] of Object.entries(files)) place(run, work, name, file)
      run(work, ['commit', '--quiet', '--allow-empty', '-m', `Change ${Object.keys(files).join(', ')}`])
      run(work, ['push', '--quiet', '--force', 'origin', branch])
      return run(work, ['rev-parse', 'HEAD'])
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

function place(run: (cwd: string, args: string[]) => string, work: string, name: string, file: OriginFile): void {
  const path = join(work, name)
  rmSync(path, { recursive: true, force: true })
  if (file !== null && typeof file === 'object' && 'module' in file) {
    run(work, ['update-index', '--add', '--cacheinfo', `160000,${file.module},${name}`])
    return
  }
  if (file !== null) {
    mkdirSync(dirname(path), { recursive: true })
    if (typeof file === 'string' || Buffer.isBuffer(file)) writeFileSync(path, file)
    else if ('link' in file) symlinkSync(file.link, path)
    else {
      writeFileSync(path, file.run)
      chmodSync(path, 0o755)
    }
  }
  run(work, ['add', '--all', '--force', '--', name])
}
