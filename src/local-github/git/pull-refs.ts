import { readCommit } from './commits.ts'
import type { BareRepository, DropPullMerge, PullRefs, Sha, UpdatePullRefs } from './contract.ts'
import { mergeCommits } from './merge.ts'
import { GitError } from './process.ts'
import { readRef, writeRefs } from './refs.ts'

/** Sets `refs/pull/N/head` and `refs/pull/N/merge`. A trial merge of the same two commits is kept, so its sha is stable. */
export const updatePullRefs: UpdatePullRefs = async (repository, { number, base, head, identity }) => {
  const name = `refs/pull/${number}/merge`
  await setRef(repository, `refs/pull/${number}/head`, head)
  const present = await readRef(repository, name)
  if (present !== null) {
    const parents = (await readCommit(repository, present.sha))?.parents ?? []
    if (parents[0] === base && parents[1] === head) return { head, merge: present.sha, conflicts: [] }
  }
  const merged = await mergeCommits(repository, base, head, identity)
  const answer: PullRefs = merged.ok
    ? { head, merge: merged.sha, conflicts: [] }
    : { head, merge: null, conflicts: merged.paths }
  await setRef(repository, name, answer.merge)
  return answer
}

/** Removes `refs/pull/N/merge`. */
export const dropPullMerge: DropPullMerge = (repository, number) =>
  setRef(repository, `refs/pull/${number}/merge`, null)

/** These refs have one writer a repository, so a conflict is one with itself: read again and go on. */
async function setRef(repository: BareRepository, name: string, after: Sha | null): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const before = (await readRef(repository, name))?.sha ?? null
    if (before === after) return
    const written = await writeRefs(repository, { name, before, after })
    if (written.ok) return
    if (written.reason !== 'conflict') throw new GitError(`${name} could not be set: ${written.message}`)
  }
  throw new GitError(`${name} is moved by somebody else all the time`)
}
