import { runGit } from './git.ts'

/** One path of a tree. `size` is that of a blob in bytes; 0 for a submodule. */
export type TreeEntry = { path: string; id: string; size: number; kind: 'file' | 'link' | 'submodule' }

const fullName = /^[\da-f]{40}(?:[\da-f]{24})?$/

/** The full name of a commit. */
export async function nameCommit(repository: string, commit: string, signal?: AbortSignal): Promise<string> {
  if (fullName.test(commit)) return commit
  const output = await runGit(repository, ['rev-parse', '--verify', '--end-of-options', `${commit}^{commit}`], signal)
  return output.toString('latin1').trim()
}

/** Every path of a commit's tree, in git's order. */
export async function listTree(repository: string, commit: string, signal?: AbortSignal): Promise<TreeEntry[]> {
  const output = await runGit(
    repository,
    ['ls-tree', '-r', '-l', '-z', '--full-tree', '--end-of-options', commit],
    signal,
  )
  return output
    .toString('utf8')
    .split('\0')
    .filter((line) => line !== '')
    .map(readEntry)
}

/** `100644 blob <id>     <size>\t<path>` */
function readEntry(line: string): TreeEntry {
  const tab = line.indexOf('\t')
  const first = line.indexOf(' ', 7)
  const second = line.indexOf(' ', first + 1)
  const mode = line.slice(0, 6)
  return {
    path: line.slice(tab + 1),
    id: line.slice(first + 1, second),
    size: mode === '160000' ? 0 : Number(line.slice(second, tab)),
    kind: mode === '160000' ? 'submodule' : mode === '120000' ? 'link' : 'file',
  }
}
