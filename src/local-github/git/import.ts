import type { ImportRepository } from './contract.ts'
import { GitError, git, tryGit } from './process.ts'
import { setDefaultBranch } from './repository.ts'

// The source may belong to someone else, have hooks of its own, and be shallow.
const trusting = ['-c', 'safe.directory=*', '-c', 'core.hooksPath=/dev/null']
const shallowReceiver = '--receive-pack=git -c receive.shallowUpdate=true receive-pack'

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
  const refspecs = [`+${sha}:refs/heads/${branch}`, '+refs/tags/*:refs/tags/*']
  const push = await inSource(['push', '--quiet', '--no-verify', shallowReceiver, repository, ...refspecs])
  if (push.code !== 0) throw new GitError(`${source} cannot be imported: ${push.stderr}`)
  await setDefaultBranch(repository, branch)
  const tags = await git(repository, ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/tags'])
  return { branch, sha, tags: tags.toString().split('\n').filter(Boolean) }
}
