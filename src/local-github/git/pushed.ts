import type { BareRepository, Commit, Sha, Signature } from './contract.ts'
import { git } from './process.ts'

/** A commit of a push, with the files that a webhook names. */
export interface PushedCommit extends Commit {
  added: string[]
  removed: string[]
  modified: string[]
}

const format = '%x01%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B%x00'
const fieldCount = 10

/**
 * The commits that a push brought to a branch, oldest first, at most `limit` (the newest of them): those since `before`,
 * or for a new branch those that no other branch has.
 */
export async function pushedCommits(
  repository: BareRepository,
  branch: string,
  before: Sha | null,
  after: Sha,
  limit: number,
): Promise<PushedCommit[]> {
  const known = before === null ? ['--not', `--exclude=${branch}`, '--branches'] : ['--not', before]
  const flags = ['-z', '--no-renames', '--name-status', '--diff-merges=first-parent', `--max-count=${limit}`]
  const args = ['log', ...flags, '--encoding=UTF-8', `--format=${format}`, after, ...known, '--']
  const output = (await git(repository, args)).toString()
  // A control character 1 cannot begin a field of git's own, and stands only where a commit begins.
  return output.split('\x01').slice(1).map(parse).toReversed()
}

function parse(text: string): PushedCommit {
  const fields = text.split('\0')
  const [sha = '', tree = '', parents = '', an = '', ae = '', at = '', cn = '', ce = '', ct = '', message = ''] = fields
  const files = { A: [] as string[], D: [] as string[], M: [] as string[] }
  const changes = fields.slice(fieldCount).map((field) => field.replace(/^\n/, ''))
  for (let index = 0; index + 1 < changes.length; index += 1) {
    const letter = changes[index]?.charAt(0)
    if (letter !== 'A' && letter !== 'D' && letter !== 'M' && letter !== 'T') continue
    index += 1
    files[letter === 'T' ? 'M' : letter].push(changes[index] ?? '')
  }
  return {
    sha,
    tree,
    parents: parents.split(' ').filter(Boolean),
    author: person(an, ae, at),
    committer: person(cn, ce, ct),
    message: message.replace(/\n+$/, ''),
    verified: false,
    added: files.A,
    removed: files.D,
    modified: files.M,
  }
}

function person(name: string, email: string, seconds: string): Signature {
  return { name, email, date: new Date(Number(seconds) * 1000).toISOString().replace(/\.\d+Z$/, 'Z') }
}
