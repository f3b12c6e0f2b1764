import type { Verdict } from '../model.ts'
import { fault, pending, verdictOf } from './verdict.ts'

/** Git's own shortest beginning of a hash; the parser of commands takes no less. */
const SHORTEST_DIGEST = 7

/** Whose approvals count for this digest, each person once; `wait` with `approvals-missing` until there are enough. */
export type Count = { by: string[]; missing: number; verdict: Verdict }

/** Counts the approvals of exactly this digest (PLAN-11, PLAN-12). At least one is always needed. */
export function countApprovals(
  approvals: readonly { login: string; digest: string }[],
  digest: string,
  needed: number,
): Count {
  const by = new Map<string, string>()
  for (const approval of approvals) {
    const key = approval.login.toLowerCase()
    if (approval.digest === digest && !by.has(key)) by.set(key, approval.login)
  }
  const missing = Math.max(0, Math.max(1, needed) - by.size)
  const have = by.size === 0 ? 'Nobody has approved this plan yet' : `${by.size} of ${needed} approvals are there`
  const findings = missing === 0 ? [] : [pending('approval', 'approvals-missing', `${have}; ${missing} more needed.`)]
  return { by: [...by.values()], missing, verdict: verdictOf('approval', findings, missing > 0) }
}

/** Does `/approve [digest]` mean this plan? No digest means the current one; the first seven digits or more are enough. */
export function judgeDigest(given: string | null, digest: string): Verdict {
  if (given === null || (given.length >= SHORTEST_DIGEST && digest.startsWith(given))) return verdictOf('approval', [])
  const message = `The digest ${given} is not that of the current plan, which is ${digest.slice(0, 12)}.`
  const remedy = `Read the newest plan, then comment /approve ${digest.slice(0, 12)}.`
  return verdictOf('approval', [fault('approval', 'digest-mismatch', message, remedy)])
}
