import { atLeast, roleOf } from './access.ts'
import type { CheckRunRecord, ReviewRecord } from './code-records.ts'
import type { World } from './contract.ts'
import type { ProtectionRecord, RepositoryRecord } from './records.ts'
import type { Pull } from './views/pull.ts'

/*
 * What GitHub demands of a commit or a pull request before it lets something happen.
 */

export type ContextState = 'success' | 'pending' | 'failure' | 'error'

/** The newest state of every context on a commit: check runs by name, commit statuses by context. */
export function contextsOf(world: World, repository: RepositoryRecord, sha: string): Map<string, ContextState> {
  const contexts = new Map<string, ContextState>()
  for (const status of world.store.list('status', repository.id)) {
    if (status.sha === sha) contexts.set(status.context, status.state)
  }
  for (const run of latestRuns(world.store.list('checkRun', repository.id).filter(({ headSha }) => headSha === sha))) {
    // Two apps, or two workflows, may report under one name: the worse one counts.
    const before = contexts.get(run.name)
    const state = stateOf(run)
    contexts.set(run.name, before === undefined || before === 'success' ? state : before)
  }
  return contexts
}

/** The newest run of each name in each suite, as `filter=latest` shows them. */
export function latestRuns(runs: CheckRunRecord[]): CheckRunRecord[] {
  const latest = new Map<string, CheckRunRecord>()
  for (const run of runs) latest.set(`${run.suiteId} ${run.name}`, run)
  return runs.filter((run) => latest.get(`${run.suiteId} ${run.name}`) === run)
}

function stateOf({ status, conclusion }: CheckRunRecord): ContextState {
  if (status !== 'completed') return 'pending'
  return conclusion === 'success' || conclusion === 'neutral' || conclusion === 'skipped' ? 'success' : 'failure'
}

export function protectionOf(world: World, repository: RepositoryRecord, branch: string): ProtectionRecord | undefined {
  return world.store.list('protection', repository.id).find((protection) => protection.branch === branch)
}

/** True when a ruleset wants every change of the branch to come through a pull request. */
export function needsPullRequest(world: World, repository: RepositoryRecord, branch: string): boolean {
  return world.store
    .list('ruleset', repository.id)
    .some((ruleset) => ruleset.branch === branch && ruleset.rules.includes('pull_request'))
}

/** Why a branch's protection refuses a merge, in GitHub's words; null when it does not. */
export function protectionRefusal(world: World, repository: RepositoryRecord, both: Pull): string | null {
  const protection = protectionOf(world, repository, both.pull.baseRef)
  if (protection === undefined) return null
  const contexts = contextsOf(world, repository, both.pull.headSha)
  const open = protection.requiredChecks.filter((name) => contexts.get(name) !== 'success')
  if (open.length > 0) return checksRefusal(protection.requiredChecks, open, contexts)
  return reviewRefusal(world, repository, both, protection.requiredReviews)
}

function checksRefusal(required: string[], open: string[], contexts: Map<string, ContextState>): string {
  const [first = ''] = open
  if (open.length === 1) {
    const state = contexts.get(first)
    const word = state === undefined ? 'expected' : state === 'pending' ? 'in progress' : 'failing'
    return `Required status check "${first}" is ${word}.`
  }
  const count = (word: string, states: (ContextState | undefined)[]) => {
    const number = open.filter((name) => states.includes(contexts.get(name))).length
    return number === 0 ? [] : [`${number} ${word}`]
  }
  const parts = [
    ...count('expected', [undefined]),
    ...count('pending', ['pending']),
    ...count('failing', ['failure', 'error']),
  ]
  return `${open.length} of ${required.length} required status checks have not succeeded: ${parts.join(', ')}.`
}

function reviewRefusal(world: World, repository: RepositoryRecord, { pull }: Pull, required: number): string | null {
  if (required === 0) return null
  const opinions = opinionsOn(world, repository, pull.id)
  if (opinions.some(({ state }) => state === 'CHANGES_REQUESTED')) return 'Changes have been requested.'
  const approvals = opinions.filter(({ state }) => state === 'APPROVED').length
  if (approvals >= required) return null
  const reviews = required === 1 ? 'review is' : 'reviews are'
  return `At least ${required} approving ${reviews} required by reviewers with write access.`
}

/** The last opinion of each reviewer who may write; comments change no opinion. */
function opinionsOn(world: World, repository: RepositoryRecord, pullId: number): ReviewRecord[] {
  const last = new Map<number, ReviewRecord>()
  for (const review of world.store.list('review', repository.id)) {
    if (review.pullId !== pullId || review.state === 'COMMENTED' || review.state === 'PENDING') continue
    last.set(review.userId, review)
  }
  return [...last.values()].filter(({ userId }) => atLeast(roleOf(world.store, repository, userId), 'write'))
}

/** GitHub's `mergeable_state`. */
export function mergeableState(world: World, repository: RepositoryRecord, both: Pull): string {
  const { issue, pull } = both
  if (issue.state === 'closed' || pull.mergeable === null) return 'unknown'
  if (!pull.mergeable) return 'dirty'
  if (pull.draft) return 'draft'
  if (protectionRefusal(world, repository, both) !== null) return 'blocked'
  const states = [...contextsOf(world, repository, pull.headSha).values()]
  return states.every((state) => state === 'success') ? 'clean' : 'unstable'
}
