import { git, gitLine, nulSeparated, type Place } from './command.ts'
import type { Objects } from './objects.ts'
import type { TreeEntry } from './repository.ts'

/** Every path below a tree, in git's order. */
export async function pathsOf(place: Place, tree: string): Promise<string[]> {
  return nulSeparated(await git(place, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', tree]))
}

/** Every file, symlink and submodule below a tree, in git's order. */
export async function entriesOf(place: Place, tree: string): Promise<TreeEntry[]> {
  const lines = nulSeparated(await git(place, ['ls-tree', '-r', '-z', '-l', '--full-tree', tree]))
  return lines.map((line) => {
    const [mode = '', , sha = '', size = ''] = line.slice(0, line.indexOf('\t')).split(/ +/)
    return { path: line.slice(line.indexOf('\t') + 1), mode, sha, size: Number.parseInt(size, 10) || 0 }
  })
}

/** The bytes of a file, or the target of a symlink; null for anything else. */
export async function bytesAt(place: Place, objects: Objects, tree: string, path: string): Promise<Buffer | null> {
  if (path === '' || /^\.{0,2}\//.test(path)) return null
  const name = `${tree}:${path}`
  const found = await objects.content(name.includes('\n') ? await shaOf(place, name) : name)
  return found?.type === 'blob' ? found.bytes : null
}

/** The text in these bytes; null for binary content, and for text that is no UTF-8. */
export function asText(bytes: Buffer | null): string | null {
  if (bytes === null || bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** A path with a line break in it does not fit into a question to `Objects`; its sha does. */
function shaOf(place: Place, name: string): Promise<string> {
  return gitLine(place, ['rev-parse', '--verify', '--end-of-options', name]).catch(() => '0'.repeat(40))
}
