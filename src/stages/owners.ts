import { permissionOf, teamsOf } from '../github/people.ts'
import { reviewsOf } from '../github/pulls.ts'
import type { Finding } from '../model.ts'
import { ownersByPath, readOwners } from '../planning/owners.ts'
import { judgeOwners } from '../policy/owners.ts'
import { showStatus } from './correspondence.ts'
import { CODEOWNERS, firstText } from './draft.ts'
import type { Order } from './order.ts'
import { keep, recordNamed } from './record.ts'
import type { Reviewed } from './review.ts'
import type { Services } from './services.ts'
import type { Bench } from './settings.ts'

const WRITES = new Set(['write', 'maintain', 'admin'])

/**
 * GATE1-3: which reviews of people the head still needs. The owners are those that the base names, so that no change makes its
 * own. A review counts for the commit that it was given to, and as long as it is neither dismissed nor followed by another.
 */
export async function missingReviews(
  bench: Bench,
  reviewed: Reviewed,
  at: { pull: number; head: string; needed: number; pushers: string[] },
): Promise<Finding[]> {
  const { files } = await bench.git.measure(reviewed.base, reviewed.tree ?? reviewed.base)
  const touched = files.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]))
  const text = await firstText(bench.git, reviewed.base, CODEOWNERS)
  const owned = ownersByPath(touched, readOwners(text ?? ''))
  if (owned.length === 0 && at.needed === 0) return []
  const teams = [...new Set(owned.flatMap(({ owners }) => owners))].flatMap((owner) =>
    owner.includes('/') ? [owner.replace(/^@/, '')] : [],
  )
  const approvals: { login: string; teams: string[] }[] = []
  for (const { login, state, commit } of await reviewsOf(bench.at, at.pull)) {
    if (state !== 'APPROVED' || commit !== at.head || login.endsWith('[bot]')) continue
    if (at.pushers.includes(login)) continue
    if (!WRITES.has(await permissionOf(bench.at, login))) continue
    approvals.push({ login, teams: teams.length > 0 ? await teamsOf(bench.at, login, teams) : [] })
  }
  return judgeOwners({ owned, approvals, needed: at.needed })
}

type Waits = { verdict: 'wait' } | { verdict: 'fail'; findings: Finding[] }

/** People have as long for a review as for a plan. */
export function untilReviewed(bench: Bench, missing: Finding[], since: number): Waits {
  if (Date.now() - since < bench.config.approval.expires) return { verdict: 'wait' }
  const remedy = 'Ask for the reviews, then comment /retry.'
  return { verdict: 'fail', findings: missing.map((each) => ({ ...each, severity: 'error', remedy })) }
}

/** The same, and who is waited for stands in the status comment. */
export async function waitForOwners(
  services: Services,
  bench: Bench,
  { request }: Order,
  missing: Finding[],
  since: number,
): Promise<Waits> {
  const { findings } = await recordNamed(services.updates, request.codename)
  if (JSON.stringify(findings) !== JSON.stringify(missing)) {
    await keep(services.updates, request.codename, { findings: missing })
    await showStatus(services, bench, request)
  }
  return untilReviewed(bench, missing, since)
}
