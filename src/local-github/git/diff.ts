import type { ChangedFile, ChangedPaths, DiffFiles, DiffText } from './contract.ts'
import { git } from './process.ts'

/** The tree without entries, which every repository has without storing it. */
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
const largestPatch = 1_000_000

const flags = ['-r', '-M', '--no-color', '--no-ext-diff', '--no-textconv', '--full-index']

/** Files that differ between two commits or trees, by name. */
export const diffFiles: DiffFiles = async (repository, base, head) => {
  const args = ['diff-tree', ...flags, '-z', '--raw', '--numstat', '-p']
  const output = await git(repository, [...args, '--end-of-options', base ?? emptyTree, head])
  return parseDiff(output)
}

/** The unified diff with file headers. */
export const diffText: DiffText = async (repository, base, head) => {
  const output = await git(repository, ['diff-tree', ...flags, '-p', '--end-of-options', base ?? emptyTree, head])
  return output.toString()
}

/** Paths that differ, both names of a rename. */
export const changedPaths: ChangedPaths = async (repository, base, head) => {
  const args = ['diff-tree', '-r', '--no-renames', '--name-only', '-z', '--end-of-options', base ?? emptyTree, head]
  const output = await git(repository, args)
  return output.toString().split('\0').filter(Boolean)
}

interface RawChange {
  letter: string
  modes: [string, string]
  sha: string
  path: string
  previous: string | undefined
}

/** Raw lines, numstat lines, then (after an empty field) the patches in the same order, as `-z --raw --numstat -p` prints them. */
function parseDiff(output: Buffer): ChangedFile[] {
  const fields = new Fields(output)
  const changes: RawChange[] = []
  while (fields.peek() === ':') changes.push(rawChange(fields))
  const counts = changes.map((change) => {
    const [added = '', deleted = '', path = ''] = fields.next().split('\t')
    // A rename's two paths follow as fields of their own.
    if (path === '' && change.previous !== undefined) fields.skip(2)
    return { additions: Number(added) || 0, deletions: Number(deleted) || 0, binary: added === '-' }
  })
  if (changes.length > 0) fields.skip(1)
  const patches = splitPatches(fields.rest())
  return changes.map((change, index) => {
    const { additions, deletions, binary } = counts[index] ?? { additions: 0, deletions: 0, binary: false }
    // A change of kind (file to symlink) is printed as a removal and an addition.
    const own = patches.splice(0, change.letter === 'T' ? 2 : 1)
    const hunks = own.map((text) => /^@@[^]*/m.exec(text)?.[0].replace(/\n$/, '')).filter((text) => text !== undefined)
    const patch = hunks.join('\n')
    const shown = !binary && patch !== '' && patch.length <= largestPatch
    return {
      filename: change.path,
      status: status(change, additions + deletions === 0 && !binary),
      sha: change.sha,
      additions,
      deletions,
      changes: additions + deletions,
      ...(shown ? { patch } : {}),
      ...(change.previous === undefined ? {} : { previousFilename: change.previous }),
      modes: change.modes,
    }
  })
}

/** `:100644 100755 <sha> <sha> M` and one path, or two for a rename. */
function rawChange(fields: Fields): RawChange {
  const [before = '', after = '', shaBefore = '', shaAfter = '', letters = ''] = fields.next().slice(1).split(' ')
  const letter = letters.charAt(0)
  const first = fields.next()
  const renamed = letter === 'R' || letter === 'C'
  const path = renamed ? fields.next() : first
  const sha = letter === 'D' ? shaBefore : shaAfter
  return { letter, modes: [before, after], sha, path, previous: renamed ? first : undefined }
}

function status({ letter, modes }: RawChange, sameText: boolean): ChangedFile['status'] {
  if (letter === 'A') return 'added'
  if (letter === 'D') return 'removed'
  if (letter === 'R') return 'renamed'
  if (letter === 'C') return 'copied'
  return letter === 'T' || (sameText && modes[0] !== modes[1]) ? 'changed' : 'modified'
}

function splitPatches(text: string): string[] {
  // Lines of content start with a blank, + or -, so only headers match.
  return text.split(/^(?=diff --git )/m).filter((patch) => patch.startsWith('diff --git '))
}

class Fields {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  peek(): string {
    return this.#bytes.toString('latin1', this.#at, this.#at + 1)
  }

  next(): string {
    const end = this.#bytes.indexOf(0, this.#at)
    if (end < 0) throw new Error('git diff-tree ended in the middle of its list of files')
    const field = this.#bytes.toString('utf8', this.#at, end)
    this.#at = end + 1
    return field
  }

  skip(fields: number): void {
    for (let left = fields; left > 0; left -= 1) this.next()
  }

  rest(): string {
    return this.#bytes.toString('utf8', this.#at)
  }
}
