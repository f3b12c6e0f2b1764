import type { BareRepository, EntryAt, ListTree, TreeEntry } from './contract.ts'
import { readObject, readObjectInfo } from './object-reader.ts'
import { gitFailure, tryGit } from './process.ts'

/** Entries of a tree or a commit's tree, or null when there is no such tree. */
export const listTree: ListTree = (repository, treeish, recursive) =>
  recursive ? listDeep(repository, treeish) : listFolder(repository, `${treeish}^{tree}`)

/** The entry at a path of a commit or tree, or null; the empty path is the root itself. */
export const entryAt: EntryAt = async (repository, treeish, path) => {
  const clean = path.replace(/^\/+|\/+$/g, '')
  if (clean === '') {
    const root = await readObjectInfo(repository, `${treeish}^{tree}`)
    return root === null ? null : { path: '', mode: '040000', type: 'tree', sha: root.sha, size: null }
  }
  if (!isTreePath(clean)) return null
  const slash = clean.lastIndexOf('/')
  const folder = await readObject(repository, slash < 0 ? `${treeish}^{tree}` : `${treeish}:${clean.slice(0, slash)}`)
  const found =
    folder?.type === 'tree' ? parseTree(folder.content).find(({ path: name }) => name === clean.slice(slash + 1)) : null
  return found ? withSize(repository, { ...found, path: clean }) : null
}

/** Whether a path could name something in a tree: no empty, dot or `.git` component. */
export function isTreePath(path: string): boolean {
  if (path.includes('\0')) return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part))
}

async function listFolder(repository: BareRepository, tree: string): Promise<TreeEntry[] | null> {
  const object = await readObject(repository, tree)
  if (object?.type !== 'tree') return null
  return Promise.all(parseTree(object.content).map((entry) => withSize(repository, entry)))
}

async function withSize(repository: BareRepository, entry: TreeEntry): Promise<TreeEntry> {
  if (entry.type !== 'blob') return entry
  return { ...entry, size: (await readObjectInfo(repository, entry.sha))?.size ?? null }
}

const TYPES = { '40000': 'tree', '160000': 'commit' } as const

/** A tree object: `<mode> <name>`, a zero byte, and the sha in twenty bytes, entry after entry. */
function parseTree(content: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = []
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(' ', at)
    const end = content.indexOf(0, space)
    const mode = content.toString('latin1', at, space)
    entries.push({
      path: content.toString('utf8', space + 1, end),
      mode: mode.padStart(6, '0') as TreeEntry['mode'],
      type: TYPES[mode as keyof typeof TYPES] ?? 'blob',
      sha: content.toString('hex', end + 1, end + 21),
      size: null,
    })
    at = end + 21
  }
  return entries
}

async function listDeep(repository: BareRepository, treeish: string): Promise<TreeEntry[] | null> {
  const args = ['ls-tree', '-z', '-l', '-r', '-t', '--end-of-options', treeish]
  const output = await tryGit(repository, args)
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
