import { runGit } from './git.ts'

/** One path of a tree; `id` is that of its blob, or of a submodule's commit. */
export type TreeEntry = { path: string; id: string; kind: 'file' | 'link' | 'submodule' }

const fullName = /^[\da-f]{40}(?:[\da-f]{24})?$/

/** The full name of a commit. */
export async function nameCommit(repository: string, commit: string, signal?: AbortSignal): Promise<string> {
  if (fullName.test(commit)) return commit
  const output = await runGit(repository, ['rev-parse', '--verify', '--end-of-options', `${commit}^{commit}`], signal)
  return output.toString('latin1').trim()
}

/** Every path of a commit's tree, in git's order: by bytes. */
export async function listTree(repository: string, commit: string, signal?: AbortSignal): Promise<TreeEntry[]> {
  const output = await runGit(repository, ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit], signal)
  const entries: TreeEntry[] = []
  // Few paths have more than ASCII; decoding each of those keeps the others at a byte a character.
  const text = output.toString('latin1')
  // `100644 blob <id>\t<path>\0`
  for (let at = 0; at < text.length;) {
    const tab = text.indexOf('\t', at)
    const end = text.indexOf('\0', tab)
    const id = text.slice(text.lastIndexOf(' ', tab) + 1, tab)
    entries.push({ path: decodePath(text.slice(tab + 1, end)), id, kind: kindOf(text.slice(at, at + 6)) })
    at = end + 1
  }
  return entries
}

/**
 * The paths whose blob differs between two commits, as they are in the second; null when paths were added, removed, or
 * changed their kind, or when the repository lacks the first commit.
 */
export async function listModified(
  repository: string,
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<TreeEntry[] | null> {
  const output = await runGit(repository, ['diff-tree', '-r', '-z', '--no-renames', from, to], signal).catch(() => null)
  signal?.throwIfAborted()
  if (output === null) return null
  // `:100644 100644 <id> <id> M` and, after a NUL, the path.
  const fields = output.toString('utf8').split('\0')
  const entries: TreeEntry[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [before = '', after = '', , id = '', status = ''] = fields[at]?.slice(1).split(' ') ?? []
    if (status !== 'M' || kindOf(before) !== kindOf(after)) return null
    entries.push({ path: fields[at + 1] ?? '', id, kind: kindOf(after) })
  }
  return entries
}

function decodePath(path: string): string {
  return /[\x80-\xff]/.test(path) ? Buffer.from(path, 'latin1').toString('utf8') : path
}

function kindOf(mode: string): TreeEntry['kind'] {
  if (mode === '160000') return 'submodule'
  return mode === '120000' ? 'link' : 'file'
}
