import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { BareRepository, Sha } from './contract.ts'

/**
 * Where a ref is, read from git's own files without starting git: its own file, else the list of packed refs.
 * `initRepository` sees to it that refs are kept that way. The name must be well formed.
 */
export async function readRefFile(repository: BareRepository, name: string): Promise<Sha | null> {
  const loose = /^[\da-f]{40}$/.exec((await textOf(join(repository, name))).trim())?.[0]
  if (loose !== undefined) return loose
  const packed = await textOf(join(repository, 'packed-refs'))
  const line = packed.split('\n').find((each) => each.slice(41) === name)
  return line?.slice(0, 40) ?? null
}

/** The text of a file; empty where there is none, or a folder. */
async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return ''
    throw error
  }
}
