import type { Finding } from '../model.ts'
import type { IssueNow } from '../model/issue-now.ts'

/** How old a webhook may be whose word about an issue counts as GitHub's answer now, ms. */
const FRESH_MS = 60_000

/**
 * How far ahead of this host's clock GitHub's may be, ms; its times are whole seconds. What seems to come from further ahead was
 * told by clocks that disagree, and its age is not known.
 */
const AHEAD_MS = 5_000

/** What was approved of an issue. */
export type ApprovedIssue = { title: string; body: string; label: string }

/** Whether what a webhook told of an issue stands for asking GitHub once more: it is fresh, and all is as it was approved. */
export function isSeenAsApproved(seen: IssueNow | null, approved: ApprovedIssue, now: number): boolean {
  if (seen === null) return false
  const age = now - Date.parse(seen.at)
  if (!(age >= -AHEAD_MS && age <= FRESH_MS)) return false
  return judgeWithdrawn(seen, approved.label) === null && seen.title === approved.title && seen.body === approved.body
}

/** Why an issue is none any more that an update may be carried out for; `null` when it is. */
export function judgeWithdrawn({ state, labels }: Pick<IssueNow, 'state' | 'labels'>, label: string): Finding | null {
  const finding = (rule: Finding['rule'], message: string): Finding => ({
    gate: 'queue',
    severity: 'error',
    rule,
    message,
  })
  if (state === 'closed') return finding('issue-closed', 'The issue was closed before its turn came.')
  if (labels.includes(label)) return null
  return finding('label-removed', `The label ${label} was taken off before its turn came.`)
}
