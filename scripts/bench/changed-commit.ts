import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Runs git in a repository; the output without its last line end. */
export function git(repository: string, args: string[], options: { input?: string; index?: string } = {}): string {
  return execFileSync('git', [`--git-dir=${repository}`, ...args], {
    maxBuffer: 1 << 30,
    encoding: 'utf8',
    ...(options.input !== undefined && { input: options.input }),
    ...(options.index !== undefined && { env: { ...process.env, GIT_INDEX_FILE: options.index } }),
  }).replace(/\n$/, '')
}

/** A bare repository that borrows the objects of another, so that commits can be made without touching that one. */
export function borrowRepository(from: string, path: string): void {
  execFileSync('git', ['init', '--quiet', '--bare', path])
  mkdirSync(join(path, 'objects/info'), { recursive: true })
  writeFileSync(join(path, 'objects/info/alternates'), `${resolve(from)}/objects\n`)
}

/** A commit on top of another in which each of `paths` has one more import and a comment. */
export function commitChanges(
  repository: string,
  parent: string,
  paths: string[],
  index: string,
  mark: string,
): string {
  git(repository, ['read-tree', parent], { index })
  for (const path of paths) {
    const text = git(repository, ['cat-file', 'blob', `${parent}:${path}`])
    const changed = `import './${paths[0]?.split('/').at(-1) ?? ''}' // ${mark}\n${text}\n`
    const blob = git(repository, ['hash-object', '-w', '--stdin'], { input: changed })
    git(repository, ['update-index', '--cacheinfo', `100644,${blob},${path}`], { index })
  }
  const tree = git(repository, ['write-tree'], { index })
  const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org']
  return git(repository, [...author, 'commit-tree', tree, '-p', parent, '-m', mark])
}
