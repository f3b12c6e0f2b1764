import { closeMentioned } from './closing-words.ts'
import type { Deed, World } from './contract.ts'
import { setState } from './issue-changes.ts'
import { recordEvent } from './issues.ts'
import type { Pull } from './views/pull.ts'

/** Marks an open pull request as merged and closes it. `sha` is the commit with which its base holds the change. */
export function closeMerged(world: World, deed: Deed, { issue, pull }: Pull, sha: string): void {
  if (issue.state === 'closed') return
  const merged = {
    merged: true,
    mergedAt: world.now(),
    mergedById: deed.actor.id,
    mergeCommitSha: sha,
    mergeable: null,
  }
  world.store.put('pull', { ...pull, ...merged })
  recordEvent(world, deed, issue, { event: 'merged', commitSha: sha })
  setState(world, deed, issue, 'closed', { commitSha: sha })
  if (pull.baseRef === deed.repository.defaultBranch) closeMentioned(world, deed, issue.body ?? '', sha)
}
