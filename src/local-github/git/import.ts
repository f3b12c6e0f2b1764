import { resolve } from 'node:path'

import type { ImportRepository } from './contract.ts'
import { GitError, git, tryGit } from './process.ts'
import { setDefaultBranch } from './repository.ts'

// The source may belong to someone else; git hands no -c on to the program on the other side.
const trusting = ['-c', 'safe.directory=*']
const trustingSource = '--upload-pack=git -c safe.directory=* upload-pack'
// A push of several refs from a shallow repository loses all but the first, so it is fetched from.
const fetchFlags = ['--quiet', '--update-shallow', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance']

/** Takes HEAD's branch and all tags of a local repository: a work tree, a bare one, a linked worktree, or a shallow one. */
export const importRepository: ImportRepository = async (repository, source) => {
  const inSource = (args: string[]) => tryGit(null, [...trusting, '-C', source, ...args])
  const head = await inSource(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])
  if (head.code !== 0) {
    const reason = head.stderr || 'its HEAD has no commit yet'
    throw new GitError(`${source} cannot be imported: ${reason}. Name a git repository with at least one commit.`)
  }
  const sha = head.stdout.toString().trim()
  const symbolic = await inSource(['symbolic-ref', '--quiet', '--short', 'HEAD'])
  const branch = symbolic.code === 0 ? symbolic.stdout.toString().trim() : 'main'
  const refspecs = [`+HEAD:refs/heads/${branch}`, '+refs/tags/*:refs/tags/*']
  const fetched = await tryGit(repository, ['fetch', ...fetchFlags, trustingSource, resolve(source), ...refspecs])
  if (fetched.code !== 0) throw new GitError(`${source} cannot be imported: ${fetched.stderr}`)
  await setDefaultBranch(repository, branch)
  const tags = await git(repository, ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/tags'])
  return { branch, sha, tags: tags.toString().split('\n').filter(Boolean) }
}
