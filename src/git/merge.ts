import { failure, nulSeparated, type Place, tryGit } from './command.ts'
import { writeCommit } from './commits.ts'
import type { Merged } from './repository.ts'

/** Whether commit `a` is `b` or one of its ancestors. */
export async function isAncestor(place: Place, a: string, b: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', a, b]
  const answer = await tryGit(place, args)
  if (answer.code > 1) throw failure(place, args, answer.stderr)
  return answer.code === 0
}

/** What merging two commits gives, without touching a ref or a file. */
export async function mergeTrees(place: Place, base: string, head: string): Promise<Merged> {
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', base, head]
  const answer = await tryGit(place, args)
  if (answer.code > 1) throw failure(place, args, answer.stderr)
  const [tree = '', ...paths] = nulSeparated(answer.stdout)
  return answer.code === 0
    ? { ok: true, tree }
    : { ok: false, paths: [...new Set(paths)].filter((path) => path !== '') }
}

/**
 * `onto` without the change from `before` to `after`: a three-way merge whose common ancestor is `after`. Git before 2.40
 * takes no ancestor by name, so commits are written that have this one as their parent; they hang on no ref.
 */
export async function revertTrees(
  place: Place,
  trees: { before: string; after: string; onto: string },
): Promise<Merged> {
  const stand = (tree: string, parents: string[]) =>
    writeCommit(place, { tree, parents, message: 'Stand in for a tree in a merge', at: '1970-01-01T00:00:00Z' })
  const ancestor = await stand(trees.after, [])
  return mergeTrees(place, await stand(trees.onto, [ancestor]), await stand(trees.before, [ancestor]))
}
