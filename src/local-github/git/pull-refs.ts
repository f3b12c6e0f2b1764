import { readCommit } from './commits.ts'
import type { BareRepository, DropPullMerge, MergedPulls, PullRefs, RefChange, UpdatePullRefs } from './contract.ts'
import { mergeCommits } from './merge.ts'
import { GitError, git } from './process.ts'
import { readRefFile } from './ref-files.ts'
import { writeRefs } from './refs.ts'

/** Sets `refs/pull/N/head` and `refs/pull/N/merge`. A trial merge of the same two commits is kept, so its sha is stable. */
export const updatePullRefs: UpdatePullRefs = async (repository, { number, base, head, identity }) => {
  const present = await pullRefs(repository, number)
  const kept = present.merge === null ? null : await readCommit(repository, present.merge)
  if (kept?.parents[0] === base && kept.parents[1] === head) {
    await move(repository, [change(number, 'head', present.head, head)])
    return { head, merge: present.merge, conflicts: [] }
  }
  const merged = await mergeCommits(repository, base, head, identity)
  const answer: PullRefs = merged.ok
    ? { head, merge: merged.sha, conflicts: [] }
    : { head, merge: null, conflicts: merged.paths }
  await move(repository, [
    change(number, 'head', present.head, head),
    change(number, 'merge', present.merge, answer.merge),
  ])
  return answer
}

/** Removes `refs/pull/N/merge`. */
export const dropPullMerge: DropPullMerge = async (repository, number) => {
  const { merge } = await pullRefs(repository, number)
  await move(repository, [change(number, 'merge', merge, null)])
}

/** Numbers of the pull requests whose `refs/pull/N/head` the commit holds. */
export const mergedPulls: MergedPulls = async (repository, into) => {
  const output = await git(repository, ['for-each-ref', '--format=%(refname)', `--merged=${into}`, 'refs/pull/*/head'])
  return [...output.toString().matchAll(/^refs\/pull\/(\d+)\/head$/gm)].map(([, number]) => Number(number))
}

async function pullRefs(repository: BareRepository, number: number) {
  const [head, merge] = await Promise.all(
    ['head', 'merge'].map((name) => readRefFile(repository, `refs/pull/${number}/${name}`)),
  )
  return { head: head ?? null, merge: merge ?? null }
}

function change(number: number, name: 'head' | 'merge', before: string | null, after: string | null): RefChange {
  return { name: `refs/pull/${number}/${name}`, before, after }
}

/** These refs have one writer a repository, so a conflict is a fault. */
async function move(repository: BareRepository, changes: RefChange[]): Promise<void> {
  const moving = changes.filter(({ before, after }) => before !== after)
  if (moving.length === 0) return
  const written = await writeRefs(repository, ...moving)
  if (!written.ok) throw new GitError(`the refs of a pull request could not be set: ${written.message}`)
}
