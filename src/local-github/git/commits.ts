import { TextDecoder } from 'node:util'

import type { Commit, CreateCommit, ListCommits, ReadCommit, Sha } from './contract.ts'
import { readObject } from './object-reader.ts'
import { git, gitFailure, tryGit } from './process.ts'
import { parseSignature, signatureEnvironment } from './signature.ts'

/** A commit object, or null when the repository has no such commit. */
export const readCommit: ReadCommit = async (repository, sha) => {
  const [commit] = await readCommits(repository, [sha])
  return commit ?? null
}

/** Many commits, in the order asked for; what is no commit is left out. */
export async function readCommits(repository: string, shas: Sha[]): Promise<Commit[]> {
  const objects = await Promise.all(shas.map((sha) => readObject(repository, sha)))
  return objects.flatMap((object) => (object?.type === 'commit' ? [parseCommit(object.sha, object.content)] : []))
}

/** A commit object; no ref is written. Null when the tree or a parent is missing. */
export const createCommit: CreateCommit = async (repository, { message, author, committer, tree, parents }) => {
  const args = ['commit-tree', ...parents.flatMap((parent) => ['-p', parent]), tree]
  const env = { ...signatureEnvironment('AUTHOR', author), ...signatureEnvironment('COMMITTER', committer) }
  const output = await tryGit(repository, args, { input: message, env })
  if (output.code === 0) return output.stdout.toString().trim()
  if (/not a valid (object name|'\w+' object)|not a valid object/i.test(output.stderr)) return null
  throw gitFailure(args, output)
}

/** Commits from `from`, newest first. */
export const listCommits: ListCommits = async (repository, { from, path, since, until, skip, limit }) => {
  const range = [`--skip=${skip}`, `--max-count=${limit}`]
  if (since !== undefined) range.push(`--since=${since}`)
  if (until !== undefined) range.push(`--until=${until}`)
  const args = ['--literal-pathspecs', 'rev-list', ...range, '--end-of-options', from, '--']
  const shas = await git(repository, path === undefined ? args : [...args, path])
  return readCommits(repository, lines(shas))
}

/** The non-empty lines of git's output. */
export function lines(output: Buffer): string[] {
  return output.toString().split('\n').filter(Boolean)
}

function parseCommit(sha: Sha, content: Buffer): Commit {
  const end = content.indexOf('\n\n')
  const header = content
    .subarray(0, end < 0 ? content.length : end)
    .toString('latin1')
    .split('\n')
  const values = (key: string) =>
    header.filter((line) => line.startsWith(`${key} `)).map((l) => l.slice(key.length + 1))
  const decode = (bytes: Buffer) => decoder(values('encoding')[0]).decode(bytes)
  const signature = (key: string) => parseSignature(decode(Buffer.from(values(key)[0] ?? '', 'latin1')))
  return {
    sha,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: signature('author'),
    committer: signature('committer'),
    message: end < 0 ? '' : decode(content.subarray(end + 2)).replace(/\n+$/, ''),
    verified: false,
  }
}

function decoder(encoding = 'utf-8'): TextDecoder {
  try {
    return new TextDecoder(encoding)
  } catch {
    return new TextDecoder()
  }
}
