import type { World } from '../contract.ts'
import type { Sha, TreeEntry } from '../git/contract.ts'
import { listRefs, resolveCommit } from '../git/refs.ts'
import { entryAt } from '../git/trees.ts'
import type { RepositoryRecord } from '../records.ts'

/** A path at a branch, tag or commit. */
export interface GitPlace {
  revision: string
  sha: Sha
  path: string
  entry: TreeEntry
}

/**
 * Finds what `<revision>/<path>` names. Branches and tags may hold slashes; git has no two of which one is the beginning of
 * the other, so the longest that fits is the one.
 */
export async function findPlace(world: World, repository: RepositoryRecord, place: string): Promise<GitPlace | null> {
  const directory = world.gitDir(repository)
  const parts = place.replace(/\/+$/, '').split('/')
  const refs = [...(await listRefs(directory, 'refs/heads/')), ...(await listRefs(directory, 'refs/tags/'))]
  const names = new Set(refs.map(({ name }) => name.split('/').slice(2).join('/')))
  const lengths = parts.map((_, index) => parts.length - index)
  const length = lengths.find((count) => names.has(parts.slice(0, count).join('/'))) ?? 1
  const revision = parts.slice(0, length).join('/')
  const path = parts.slice(length).join('/')
  const sha = await resolveCommit(directory, revision)
  const entry = sha === null ? null : await entryAt(directory, sha, path)
  return sha === null || entry === null ? null : { revision, sha, path, entry }
}
