import type { EntryAt, ListTree, TreeEntry } from './contract.ts'
import { gitFailure, tryGit } from './process.ts'

/** Entries of a tree or a commit's tree, or null when there is no such tree. */
export const listTree: ListTree = (repository, treeish, recursive) =>
  lsTree(repository, recursive ? ['-r', '-t'] : [], treeish)

/** The entry at a path of a commit or tree, or null; the empty path is the root itself. */
export const entryAt: EntryAt = async (repository, treeish, path) => {
  const clean = path.replace(/^\/+|\/+$/g, '')
  if (clean === '') {
    const root = await tryGit(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${treeish}^{tree}`])
    if (root.code !== 0) return null
    return { path: '', mode: '040000', type: 'tree', sha: lastLine(root.stdout), size: null }
  }
  if (!isTreePath(clean)) return null
  const entries = await lsTree(repository, [], treeish, clean)
  return entries?.find((entry) => entry.path === clean) ?? null
}

/** Whether a path could name something in a tree: no empty, dot or `.git` component. */
export function isTreePath(path: string): boolean {
  if (path.includes('\0')) return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part))
}

async function lsTree(
  repository: string,
  flags: string[],
  treeish: string,
  path?: string,
): Promise<TreeEntry[] | null> {
  const args = ['ls-tree', '-z', '-l', ...flags, '--end-of-options', treeish]
  const output = await tryGit(repository, path === undefined ? args : [...args, path])
  if (output.code !== 0) {
    if (/not a valid object name|not a tree object/i.test(output.stderr)) return null
    throw gitFailure(args, output)
  }
  return output.stdout.toString().split('\0').filter(Boolean).map(parseEntry)
}

/** `100644 blob <sha>    1234\tpath`, with `-` as size of what is no blob. */
function parseEntry(line: string): TreeEntry {
  const tab = line.indexOf('\t')
  const [mode, type, sha = '', size] = line.slice(0, tab).split(/ +/)
  return {
    path: line.slice(tab + 1),
    mode: mode as TreeEntry['mode'],
    type: type as TreeEntry['type'],
    sha,
    size: size === '-' ? null : Number(size),
  }
}

// rev-parse repeats --end-of-options in its answer in some versions.
function lastLine(output: Buffer): string {
  return output.toString().trim().split('\n').at(-1) ?? ''
}
