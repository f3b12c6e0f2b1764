import type { Finding, Verdict } from '../model.ts'
import { fault, pending, verdictOf } from './verdict.ts'

/** What must hold in the moment before a merge. Heads and bases are full shas. */
export type MergeFacts = {
  pull: { state: 'open' | 'closed'; merged: boolean; head: string }
  checkedHead: string
  baseNow: string
  checkedBase: string
  /** What merging the checked head into the base gives now. */
  mergeTree: { ok: true; tree: string } | { ok: false; conflicts: string[] }
  reviews: { needed: number; approved: number; changesRequested: string[] }
  /** The checked base is no ancestor of the base any more. */
  baseForcePushed: boolean
}

/**
 * May the checked head be merged (GATE1-3, GATE1-4)? `wait` has two reasons: `review-missing` waits for people, `base-moved`
 * asks the caller to check the new merge result first. A pull request that is already merged passes: its tree is compared next.
 */
export function judgeMergeReady(facts: MergeFacts): Verdict {
  const { pull, checkedHead, mergeTree, reviews } = facts
  const findings: Finding[] = []
  const add = (rule: Finding['rule'], message: string, remedy: string) =>
    findings.push(fault('merge', rule, message, remedy))
  if (pull.head !== checkedHead) {
    const message = `The pull request's head is ${short(pull.head)}; ${short(checkedHead)} is the one that was checked.`
    add('head-moved', message, 'Leave the update’s branch to Pawl; comment /retry to begin again.')
  }
  if (pull.merged) return verdictOf('merge', findings)
  if (pull.state === 'closed') {
    add('pull-request-closed', 'The pull request was closed without a merge.', 'Comment /retry to begin again.')
  }
  if (facts.baseForcePushed) {
    const message = `The default branch was force-pushed: ${short(facts.checkedBase)} is no longer part of it.`
    add('base-force-pushed', message, 'Comment /retry for a plan on the new history.')
  }
  if (!mergeTree.ok) {
    const shown = mergeTree.conflicts.slice(0, 10).join(', ')
    const more = mergeTree.conflicts.length > 10 ? ` and ${mergeTree.conflicts.length - 10} more` : ''
    const message = `The change conflicts with the default branch in ${shown || 'a way that git does not name'}${more}.`
    add('merge-conflict', message, 'Bring the request up to date with the default branch, then comment /retry.')
  }
  if (reviews.changesRequested.length > 0) {
    const who = reviews.changesRequested.map((login) => `@${login}`).join(', ')
    add('review-blocked', `Changes were requested by ${who}.`, 'Settle it with the reviewers, then comment /retry.')
  }
  const waits: Finding[] = []
  if (reviews.approved < reviews.needed) {
    const message = `The pull request has ${reviews.approved} of ${reviews.needed} required reviews.`
    waits.push(pending('merge', 'review-missing', message))
  }
  if (facts.baseNow !== facts.checkedBase && !facts.baseForcePushed) {
    const message = `The default branch moved from ${short(facts.checkedBase)} to ${short(facts.baseNow)}; the merge result is checked again.`
    waits.push(pending('merge', 'base-moved', message))
  }
  return verdictOf('merge', [...findings, ...waits], waits.length > 0)
}

/** Is what was merged what round 1 had checked (GATE2-1)? */
export function judgeMergedTree(checkedTree: string, mergedTree: string): Verdict {
  if (checkedTree === mergedTree) return verdictOf('round2', [])
  const message = `The merged tree ${short(mergedTree)} is not the tree ${short(checkedTree)} that round 1 checked.`
  const remedy = 'Nothing was deployed. See what was merged at the same moment, then comment /retry.'
  return verdictOf('round2', [fault('round2', 'tree-mismatch', message, remedy)])
}

const short = (sha: string) => sha.slice(0, 12)
