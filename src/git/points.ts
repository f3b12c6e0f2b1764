import type { TreePoint } from '../model.ts'
import type { Place } from './command.ts'
import { GitFailure } from './failure.ts'
import { fetchFrom } from './network.ts'
import type { Objects } from './objects.ts'
import type { Remote } from './repository.ts'

const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/

/** The head of a branch of the mirror. */
export async function headOf(objects: Objects, branch: string): Promise<TreePoint | null> {
  // Git would read more than a name into these, as in `main~1`.
  if (/[\s~^:?*[\\]|\.\.|@\{/.test(branch)) return null
  return pointAt(objects, `refs/heads/${branch}`)
}

/** A commit of the mirror, or of the remote when the mirror lacks it. */
export async function findPoint(
  place: Place,
  objects: Objects,
  remote: Remote,
  commit: string,
): Promise<TreePoint | null> {
  if (!SHA.test(commit)) return null
  const known = await pointAt(objects, commit)
  if (known || !(await fetchObject(place, remote, commit))) return known
  return pointAt(objects, commit)
}

/** The tree of a commit, or the tree itself; what the mirror lacks is fetched, and what nobody has is a failure. */
export async function treeOf(place: Place, objects: Objects, remote: Remote, treeish: string): Promise<string> {
  if (SHA.test(treeish)) {
    const known = await objects.info(`${treeish}^{tree}`)
    if (known) return known.sha
    const fetched = (await fetchObject(place, remote, treeish)) && (await objects.info(`${treeish}^{tree}`))
    if (fetched) return fetched.sha
  }
  throw new GitFailure(`${place.name} has no commit or tree ${treeish}, neither in the mirror nor at the remote`)
}

async function pointAt(objects: Objects, name: string): Promise<TreePoint | null> {
  const commit = await objects.info(`${name}^{commit}`)
  const tree = commit && (await objects.info(`${commit.sha}^{tree}`))
  return commit && tree && { commit: commit.sha, tree: tree.sha }
}

/** Fetches one object by its sha; false when the remote has no such object. */
async function fetchObject(place: Place, remote: Remote, sha: string): Promise<boolean> {
  const answer = await fetchFrom(place, remote, [sha])
  if (answer.code === 0) return true
  if (/not our ref|couldn't find remote ref|unadvertised object/.test(answer.stderr)) return false
  throw new GitFailure(`${place.name} could not be asked for ${sha}: ${answer.stderr}`)
}
