import type { Place } from './command.ts'
import { writeBlob, writeCommit, writeTag } from './commits.ts'
import { isAncestor, mergeTrees, revertTrees } from './merge.ts'
import { measureTrees } from './measure.ts'
import { createMirror } from './mirror.ts'
import { lookAtRemote } from './network.ts'
import { createObjects } from './objects.ts'
import { findPoint, headOf, treeOf } from './points.ts'
import { followPush, pushUpdates } from './push.ts'
import type { Remote, RepositoryGit } from './repository.ts'
import { asText, bytesAt, entriesOf, pathsOf } from './trees.ts'
import { asWorkspace } from './workspace.ts'
import { createPool } from './workspaces.ts'

/** The repository at `place`, whose remote may be named anew at any time. */
export function openRepository(place: Place, remote: () => Remote): RepositoryGit {
  const objects = createObjects(place)
  const mirror = createMirror(place, objects, remote)
  const pool = createPool(place)

  /** Everything needs the mirror; what goes wrong may be the mirror's fault. */
  const withMirror = async <T>(work: () => Promise<T>): Promise<T> => {
    await mirror.ready()
    try {
      return await work()
    } catch (error) {
      mirror.suspect(error)
      throw error
    }
  }
  const tree = (treeish: string) => treeOf(place, objects, remote(), treeish)
  const point = (commit: string) => findPoint(place, objects, remote(), commit)
  const readBytes = (commit: string, path: string) =>
    withMirror(async () => bytesAt(place, objects, await tree(commit), path))

  return {
    path: place.path,
    fetch: (refs) => mirror.fetch(refs),
    remote: (ref) => withMirror(async () => (await lookAtRemote(place, remote(), [ref])).get(ref) ?? null),
    known: (ref) => withMirror(async () => (await objects.info(ref))?.sha ?? null),
    branch: (name) => withMirror(() => headOf(objects, name)),
    point: (commit) => withMirror(() => point(commit)),
    readBytes,
    readText: async (commit, path) => asText(await readBytes(commit, path)),
    readBlob: (sha) =>
      withMirror(async () => {
        const found = await objects.content(sha)
        return found?.type === 'blob' ? asText(found.bytes) : null
      }),
    paths: (commit) => withMirror(async () => pathsOf(place, await tree(commit))),
    entries: (commit) => withMirror(async () => entriesOf(place, await tree(commit))),
    isAncestor: (a, b) =>
      withMirror(async () => {
        await Promise.all([tree(a), tree(b)])
        return isAncestor(place, a, b)
      }),
    mergeTree: (base, head) =>
      withMirror(async () => {
        await Promise.all([tree(base), tree(head)])
        return mergeTrees(place, base, head)
      }),
    revertTree: (change, onto) =>
      withMirror(async () => {
        const [before, after, now] = await Promise.all([tree(change.before), tree(change.after), tree(onto)])
        return revertTrees(place, { before, after, onto: now })
      }),
    workspace: (from, use) =>
      withMirror(async () => {
        const start = await tree(from)
        return pool(start, (slot) => use(asWorkspace(place, objects, slot, start)))
      }),
    measure: (base, head) => withMirror(async () => measureTrees(place, objects, await tree(base), await tree(head))),
    commit: (options) => withMirror(() => writeCommit(place, options)),
    tag: (options) => withMirror(() => writeTag(place, options)),
    blob: (text) => withMirror(() => writeBlob(place, text)),
    push: (updates) =>
      withMirror(() =>
        mirror.inTurn(async () => {
          const pushed = await pushUpdates(place, remote(), updates)
          if (pushed.ok) await followPush(place, updates)
          return pushed
        }),
      ),
  }
}
