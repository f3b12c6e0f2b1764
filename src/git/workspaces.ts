import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type CommandOptions, git, nulSeparated, type Place } from './command.ts'
import { discard, removeStrays } from './leftovers.ts'
import { sweep } from './sweep.ts'

/** A directory of the pool: the files, and beside them the index in which the host keeps what it put there. */
export type Slot = { dir: string; index: string }

export type Pool = <T>(tree: string, use: (slot: Slot) => Promise<T>) => Promise<T>

/** Directories beside the mirror that are used again, one user at a time; there are as many as were ever needed at once. */
export function createPool(place: Place): Pool {
  const root = join(dirname(place.path), 'workspaces')
  const taken = new Set<number>()
  return async (tree, use) => {
    let number = 1
    while (taken.has(number)) number += 1
    taken.add(number)
    try {
      const slot = { dir: join(root, String(number), 'files'), index: join(root, String(number), 'index') }
      await fill(place, slot, tree)
      return await use(slot)
    } finally {
      taken.delete(number)
    }
  }
}

/** Where a command on the files of a slot runs, and how it finds them. */
export function inSlot({ dir, index }: Slot): CommandOptions {
  return { cwd: dir, env: { GIT_WORK_TREE: dir, GIT_INDEX_FILE: index } }
}

/** Makes the files those of the tree, from whatever the last user or a kill left; what cannot be used again is replaced. */
async function fill(place: Place, slot: Slot, tree: string): Promise<void> {
  await mkdir(slot.dir, { recursive: true })
  await removeStrays(slot.dir)
  await rm(`${slot.index}.lock`, { force: true })
  try {
    await reset(place, slot, tree)
  } catch {
    await discard(slot.dir)
    await rm(slot.index, { force: true })
    await mkdir(slot.dir)
    await reset(place, slot, tree)
  }
}

/** The sweep comes first: with nothing but tracked paths left, no symlink can make git take other files for its own. */
async function reset(place: Place, slot: Slot, tree: string): Promise<void> {
  const tracked = nulSeparated(await git(place, ['ls-files', '-z'], inSlot(slot)), 'latin1')
  await sweep(slot.dir, tracked)
  await git(place, ['read-tree', '--reset', '-u', tree], inSlot(slot))
}
