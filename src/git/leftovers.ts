import { chmod, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { randomUUID } from 'node:crypto'

const LOCK = /\.lock$|^gc\.pid$/
const UNFINISHED = /^objects\/(.*\/)?tmp_[^/]*$/

/** Removes all that a killed git leaves in a bare repository, while none works on it: locks, unfinished packs and objects. */
export function removeLeftovers(path: string): Promise<void> {
  return removeMatching(path, (name) => LOCK.test(name) || UNFINISHED.test(name))
}

/** Removes the locks alone, which nobody holds while none writes refs. */
export function removeLocks(path: string): Promise<void> {
  return removeMatching(path, (name) => LOCK.test(name))
}

async function removeMatching(path: string, matches: (name: string) => boolean): Promise<void> {
  const left = (await readdir(path, { recursive: true })).filter(matches)
  await Promise.all(left.map((name) => rm(join(path, name), { recursive: true, force: true })))
}

/** Takes a file or directory away at once, then removes it; also where modes were changed to prevent that. */
export async function discard(path: string): Promise<void> {
  const away = besides(path)
  try {
    await rename(path, away)
  } catch (error) {
    if (isMissing(error)) return
    throw error
  }
  await remove(away)
}

/** A name beside `path` that nobody has; what a kill leaves there is found by `removeStrays`. */
export function besides(path: string): string {
  return `${path}.${randomUUID()}.tmp`
}

/** Removes what a killed process left beside `path` under such names. */
export async function removeStrays(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => [])
  const strays = names.filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith('.tmp'))
  await Promise.all(strays.map((name) => remove(join(dirname(path), name))))
}

/** Removes a file or a whole directory, never following symlinks. */
export async function remove(path: string | Buffer): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true })
  } catch {
    await unlock(Buffer.from(path))
    await rm(path, { recursive: true, force: true })
  }
}

/** Gives the owner access to all directories below, which a hostile program may have taken away. */
async function unlock(path: Buffer): Promise<void> {
  await chmod(path, 0o700)
  for (const entry of await readdir(path, { withFileTypes: true, encoding: 'buffer' })) {
    if (entry.isDirectory()) await unlock(Buffer.concat([path, Buffer.from('/'), entry.name]))
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
