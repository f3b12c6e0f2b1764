import { lstatSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { remove } from './leftovers.ts'

/** Names are kept as latin1, one character a byte, so that names which are no UTF-8 survive. */
type Folder = { files: Set<string>; folders: Map<string, Folder> }

/**
 * Leaves only what is tracked: removes every other file, directory and symlink, whatever .gitignore says, and repositories
 * inside directories as well. Nothing that is a symlink is entered. What was changed in a tracked file stays changed.
 */
export async function sweep(dir: string, trackedLatin1: string[]): Promise<void> {
  await sweepFolder(Buffer.from(dir), asFolders(trackedLatin1))
}

/**
 * The paths of what is named `.git` in the directories of these files and in these submodules: git passes over it without
 * a word. An empty file of this name in the root is what a sandbox leaves that hid it.
 */
export function gitNamesAmong(dir: string, paths: string[], submodules: string[]): string[] {
  const folders = new Set(['', ...submodules.map((path) => `${path}/`)])
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end + 1)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  }
  return [...folders].flatMap((folder) => {
    const found = lstatSync(`${dir}/${folder}.git`, { throwIfNoEntry: false })
    return found && !(folder === '' && found.isFile() && found.size === 0) ? [`${folder}.git`] : []
  })
}

function asFolders(paths: string[]): Folder {
  const root: Folder = { files: new Set(), folders: new Map() }
  for (const path of paths) {
    const names = path.split('/')
    const file = names.pop() ?? ''
    let folder = root
    for (const name of names) {
      const inner = folder.folders.get(name) ?? { files: new Set(), folders: new Map() }
      folder.folders.set(name, inner)
      folder = inner
    }
    folder.files.add(file)
  }
  return root
}

async function sweepFolder(dir: Buffer, tracked: Folder): Promise<void> {
  const entries = await readdir(dir, { withFileTypes: true, encoding: 'buffer' })
  await Promise.all(
    entries.map(async (entry) => {
      const path = Buffer.concat([dir, Buffer.from('/'), entry.name])
      const name = entry.name.toString('latin1')
      const inner = tracked.folders.get(name)
      if (entry.isDirectory() && inner) return sweepFolder(path, inner)
      const isFile = entry.isFile() || entry.isSymbolicLink()
      if (!isFile || !tracked.files.has(name)) await remove(path)
    }),
  )
}
