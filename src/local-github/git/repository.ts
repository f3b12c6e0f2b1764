import { access, appendFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { DefaultBranch, InitRepository, RepositoryPath, SetDefaultBranch } from './contract.ts'
import { GitError, git } from './process.ts'
import { isRefName } from './ref-name.ts'

const ownerName = /^[a-zA-Z\d][a-zA-Z\d-]*$/
const repositoryName = /^[\w.-]+$/

/** Where `owner/name` lives below `root`; names are those GitHub allows, so none can leave `root`. */
export const repositoryPath: RepositoryPath = (root, owner, name) => {
  if (!ownerName.test(owner)) throw new GitError(`'${owner}' is no owner's name: letters, digits and hyphens only`)
  if (!repositoryName.test(name) || name === '.' || name === '..') {
    throw new GitError(`'${name}' is no repository's name: letters, digits, '-', '_' and '.' only`)
  }
  return join(root, owner, `${name}.git`)
}

// Shas and filters are what GitHub's own fetches allow. refs/pull belongs to the server. No gc on a push: it would run
// on in the background, past the answer.
const settings = `
[http]
	receivepack = true
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[receive]
	hideRefs = refs/pull
	autogc = false
`

/** Makes an empty bare repository whose HEAD names `refs/heads/<branch>`; an existing one is left as it is. */
export const initRepository: InitRepository = async (repository, branch) => {
  if (await exists(join(repository, 'HEAD'))) return
  requireBranchName(branch)
  // ref-files.ts reads refs from their files.
  const env = { GIT_DEFAULT_REF_FORMAT: 'files' }
  await git(null, ['init', '--quiet', '--bare', '--template=', `--initial-branch=${branch}`, repository], { env })
  await appendFile(join(repository, 'config'), settings)
}

/** The branch HEAD names, whether or not it has a commit. */
export const defaultBranch: DefaultBranch = async (repository) => {
  const head = await git(repository, ['symbolic-ref', 'HEAD'])
  return head
    .toString()
    .trim()
    .replace(/^refs\/heads\//, '')
}

/** Points HEAD at another branch. */
export const setDefaultBranch: SetDefaultBranch = async (repository, branch) => {
  requireBranchName(branch)
  await git(repository, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`])
}

function requireBranchName(branch: string): void {
  if (!isRefName(`refs/heads/${branch}`)) throw new GitError(`'${branch}' is no name for a branch`)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
