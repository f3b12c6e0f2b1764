/*
 * Records around commits. Refs, commits and trees are not here: git is their one truth. `id` is unique over all kinds.
 */

/** The code half of a pull request. `id` is that of its issue record, which holds number, title, state and labels. */
export interface PullRecord {
  id: number
  repositoryId: number
  /** Branch names; both lie in the same repository. */
  headRef: string
  baseRef: string
  /** Where the branches are, or were when it was closed. */
  headSha: string
  baseSha: string
  draft: boolean
  merged: boolean
  mergedAt: string | null
  mergedById: number | null
  /** The trial merge while open, what the merge made afterwards. */
  mergeCommitSha: string | null
  /** Null until the trial merge has been made for these two commits. */
  mergeable: boolean | null
  requestedReviewerIds: number[]
}

export interface CodeRecords {
  pull: PullRecord
}
