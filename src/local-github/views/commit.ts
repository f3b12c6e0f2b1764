import type { CommitSummary } from '../code-records.ts'
import type { JsonObject, World } from '../contract.ts'
import type { ChangedFile, Commit, Signature } from '../git/contract.ts'
import type { RepositoryRecord } from '../records.ts'
import { userByEmail } from '../signatures.ts'
import { repositoryPage, repositoryUrl } from './repository.ts'
import { userView } from './user.ts'

/** Name of a git object in GraphQL, as REST shows it. */
export const objectNodeId = (type: string, sha: string): string => Buffer.from(`0:${type}${sha}`).toString('base64')

const unsigned: JsonObject = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
}

/** GitHub's `commit`: the git commit with the people behind its addresses. */
export function commitView(world: World, repository: RepositoryRecord, commit: Commit): JsonObject {
  const url = repositoryUrl(world, repository)
  const page = repositoryPage(world, repository)
  const account = ({ email }: Signature): JsonObject | null => {
    const user = userByEmail(world, email)
    return user === undefined ? null : userView(world, user)
  }
  return {
    sha: commit.sha,
    node_id: objectNodeId('Commit', commit.sha),
    url: `${url}/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    commit: {
      url: `${url}/git/commits/${commit.sha}`,
      author: { ...commit.author },
      committer: { ...commit.committer },
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      verification: unsigned,
    },
    author: account(commit.author),
    committer: account(commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
  }
}

/** GitHub's `git-commit`: the object as it is. */
export function gitCommitView(world: World, repository: RepositoryRecord, commit: Commit): JsonObject {
  const url = `${repositoryUrl(world, repository)}/git`
  const page = repositoryPage(world, repository)
  return {
    sha: commit.sha,
    node_id: objectNodeId('Commit', commit.sha),
    url: `${url}/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    author: { ...commit.author },
    committer: { ...commit.committer },
    message: commit.message,
    tree: { sha: commit.tree, url: `${url}/trees/${commit.tree}` },
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
    verification: unsigned,
  }
}

/** What suites and runs keep of their head. */
export function summarise(commit: Commit): CommitSummary {
  const person = ({ name, email }: Signature) => ({ name, email })
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.committer.date,
    author: person(commit.author),
    committer: person(commit.committer),
  }
}

/** GitHub's `diff-entry`. `sha` is the commit in which the file is looked at. */
export function fileView(world: World, repository: RepositoryRecord, sha: string, file: ChangedFile): JsonObject {
  const page = repositoryPage(world, repository)
  const path = file.filename.split('/').map(encodeURIComponent).join('/')
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.changes,
    blob_url: `${page}/blob/${sha}/${path}`,
    raw_url: `${page}/raw/${sha}/${path}`,
    contents_url: `${repositoryUrl(world, repository)}/contents/${path}?ref=${sha}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousFilename === undefined ? {} : { previous_filename: file.previousFilename }),
  }
}
