import type { World } from './contract.ts'
import { dropPullMerge, updatePullRefs } from './git/pull-refs.ts'
import { pullById } from './pulls.ts'
import type { RepositoryRecord } from './records.ts'
import { userById } from './people.ts'
import { signatureOf, webFlow } from './signatures.ts'

/** Finds out later whether an open pull request can be merged, as GitHub does: until then `mergeable` is null. */
export function settleMergeability(world: World, repository: RepositoryRecord, pullId: number): void {
  world.background(() => world.exclusively(repository.id, () => trialMerge(world, repository, pullId)))
}

/** Makes the trial merge of `refs/pull/N/merge` unless it is there. The caller holds the repository. */
export async function trialMerge(world: World, repository: RepositoryRecord, pullId: number): Promise<void> {
  const { issue, pull } = pullById(world, pullId)
  if (issue.state === 'closed' || pull.mergeable !== null) return
  const { merge } = await updatePullRefs(world.gitDir(repository), {
    number: issue.number,
    base: pull.baseSha,
    head: pull.headSha,
    identity: {
      message: `Merge ${pull.headSha} into ${pull.baseSha}`,
      author: signatureOf(world, userById(world.store, issue.authorId)),
      committer: webFlow(world),
    },
  })
  // What does not hold the repository (a review, a label) may have changed the record meanwhile.
  const { pull: now } = pullById(world, pullId)
  world.store.put('pull', { ...now, mergeable: merge !== null, mergeCommitSha: merge })
}

/** Removes the trial merge of a pull request that was closed. */
export function dropTrialMerge(world: World, repository: RepositoryRecord, number: number): void {
  world.background(() => world.exclusively(repository.id, () => dropPullMerge(world.gitDir(repository), number)))
}
