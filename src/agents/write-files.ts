import { constants } from 'node:fs'
import { lstat, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'

export type Refused = { path: string; why: string }

/**
 * Writes whole files below a directory that a stranger's tree fills: never outside of it, never through a link, never into
 * git's own directory. All paths are judged first, so nothing is written when one of them is refused.
 */
export async function writeFiles(
  dir: string,
  files: { path: string; content: string }[],
): Promise<{ ok: true } | { ok: false; refused: Refused[] }> {
  const refused: Refused[] = []
  for (const { path } of files) {
    const why = misspelt(path) ?? (await obstacle(dir, path))
    if (why !== null) refused.push({ path, why })
  }
  if (refused.length > 0) return { ok: false, refused }
  for (const { path, content } of files) {
    await mkdir(join(dir, ...path.split('/').slice(0, -1)), { recursive: true })
    // Truncating keeps the mode of a file that is there.
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW
    const file = await open(join(dir, path), flags, 0o644)
    try {
      await file.writeFile(content)
    } finally {
      await file.close()
    }
  }
  return { ok: true }
}

export function misspelt(path: string): string | null {
  if (path === '' || path.includes('\0') || path.includes('\\')) return 'it is not a path with /'
  const segments = path.split('/')
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return 'it is not relative to the root of the repository'
  }
  // The spellings that Windows and macOS fold into `.git`.
  const git = segments.some((segment) => /^(\.git|git~1)[ .]*(:.*)?$/i.test(segment))
  return git ? 'it leads into git’s own directory' : null
}

/** What stands in the way of a file, from the top down; what is not there yet stands in nobody's way. */
export async function obstacle(dir: string, path: string): Promise<string | null> {
  const segments = path.split('/')
  for (let depth = 1; depth <= segments.length; depth += 1) {
    const part = segments.slice(0, depth).join('/')
    const found = await lstat(join(dir, part)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (found === null) return null
    if (found.isSymbolicLink()) return `${part} is a link`
    if (depth < segments.length && !found.isDirectory()) return `${part} is a file, not a directory`
    if (depth === segments.length && !found.isFile()) return 'a directory of that name is there'
  }
  return null
}
