import { reviewsOf } from '../github/pulls.ts'
import type { MergeFacts } from '../policy/merge.ts'
import type { Bench } from './settings.ts'

/** The facts of a merge that git knows by itself; a pull request that GitHub was not asked about counts as open. */
export async function mergeFacts(
  bench: Bench,
  at: { head: string; base: string; baseNow: string; pull?: MergeFacts['pull']; reviews?: MergeFacts['reviews'] },
): Promise<MergeFacts> {
  const baseForcePushed = !(await bench.git.isAncestor(at.base, at.baseNow))
  // Histories that have nothing in common cannot be merged at all; that the base is another one says enough.
  const merged = baseForcePushed ? ({ ok: true, tree: '' } as const) : await bench.git.mergeTree(at.baseNow, at.head)
  return {
    pull: at.pull ?? { state: 'open', merged: false, head: at.head },
    checkedHead: at.head,
    baseNow: at.baseNow,
    checkedBase: at.base,
    mergeTree: merged.ok ? merged : { ok: false, conflicts: merged.paths },
    reviews: at.reviews ?? { needed: 0, approved: 0, changesRequested: [] },
    baseForcePushed,
  }
}

/** What human reviewers said (GATE1-3), asked where the branch requires their word, and where one was `heard`. */
export async function reviewsOn(
  bench: Bench,
  pull: number,
  needed: number,
  heard: boolean,
): Promise<MergeFacts['reviews']> {
  if (needed === 0 && !heard) return { needed, approved: 0, changesRequested: [] }
  const reviews = await reviewsOf(bench.at, pull)
  return {
    needed,
    approved: reviews.filter(({ state }) => state === 'APPROVED').length,
    changesRequested: reviews.filter(({ state }) => state === 'CHANGES_REQUESTED').map(({ login }) => login),
  }
}
