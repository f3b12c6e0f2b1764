import { readIssue } from '../github/issues.ts'
import { closePull } from '../github/pulls.ts'
import type { Finding, UpdateRequest } from '../model.ts'
import type { IssueNow } from '../model/issue-now.ts'
import { judgeApprovalFits } from '../planning/validity.ts'
import { isSeenAsApproved, judgeWithdrawn } from '../policy/issue.ts'
import { label } from './correspondence.ts'
import { draftPlan, historyOf } from './draft.ts'
import { leaveLock, takeLock } from './lock.ts'
import { recorded } from './once.ts'
import type { Order, Progress, Proposal, Staged, Turn } from './order.ts'
import { enterPhase, keep, recordNamed } from './record.ts'
import { deskOf, type Desk, type Services } from './services.ts'
import { benchAt, settingsAtHead } from './settings.ts'
import { note } from './trigger.ts'

export function turning(services: Services) {
  return {
    /** Takes the lock for the way back of an update that has succeeded; `workflow` hears of GitHub from now on. */
    async beginUndo({ request }: Order, workflow: string): Promise<Staged<null>> {
      const update = await services.updates.byCodename(request.codename)
      if (update?.outcome !== 'succeeded') return { ok: false, findings: [notSucceeded] }
      const lock = await takeLock(services, deskOf(services, request), request)
      if (lock.ok) await keep(services.updates, request.codename, { workflow, executing: true })
      return lock
    },

    /** The turn has come: takes the lock, then looks whether the approval still fits the world (PLAN-12). */
    async takeTurn(order: Order): Promise<Staged<Turn>> {
      const { request } = order
      await keep(services.updates, request.codename, { executing: true })
      const desk = deskOf(services, request)
      const lock = await takeLock(services, desk, request)
      if (!lock.ok) return lock
      const issue = (await seenAsApproved(services, order)) ?? (await readIssue(desk.at, request.issue))
      const gone = judgeWithdrawn(issue, request.label)
      if (gone) return { ok: false, findings: [gone] }
      const turn = await approvalFits(services, desk, order, issue)
      if (turn.ok && turn.value.kind === 'go')
        await label(services, desk, request, 'pawl:running', { known: issue.labels })
      return turn
    },

    /** The first half of the story again, with what the plan was and why its approval does not fit any more. */
    async proposeAgain(order: Order, progress: Progress, turn: Extract<Turn, { kind: 'void' }>): Promise<Proposal> {
      const { request, plan, revisions } = order
      const desk = deskOf(services, request)
      const again = { ...request, title: turn.title, body: turn.body }
      const revision = plan.revision + 1
      await note(services, request, 'approval void', { because: turn.because }, plan.digest)
      const workflow = `${request.repo}#${request.issue}@${request.attempt}/propose-${revision}`
      const part = { request: again, workflow, order: null, executing: false }
      await enterPhase(services.updates, request.codename, 'preflight', { stage: 'propose', part })
      const { pull } = progress
      if (pull !== null) {
        await recorded(services.acts, request, { name: `close pull request ${pull}`, what: { pull } }, () =>
          closePull(desk.at, pull),
        )
      }
      await removeBranches(services, desk, request, progress)
      await leaveLock(services, desk, request)
      return { request: again, revision, previous: plan, revisions, because: turn.because, voided: true }
    },

    /** Gives the repository back: lock and branch go, the snapshot's tag stays. */
    async leave({ request }: Order, progress: Progress): Promise<void> {
      const desk = deskOf(services, request)
      await removeBranches(services, desk, request, progress)
      await leaveLock(services, desk, request)
      await keep(services.updates, request.codename, { executing: false })
    },
  }
}

/** Whether issue, default branch and configuration are still what was approved. */
async function approvalFits(
  services: Services,
  desk: Desk,
  order: Order,
  { title, body }: { title: string; body: string },
): Promise<Staged<Turn>> {
  const { request, plan } = order
  const settings = await settingsAtHead(desk, request.defaultBranch)
  const base = await desk.git.branch(request.defaultBranch)
  if (!base) throw new Error(`${request.repo} has no branch ${request.defaultBranch}.`)
  const invalid = (why: string): Staged<Turn> => ({ ok: true, value: { kind: 'void', because: [why], title, body } })
  if (title !== request.title || body !== request.body) return invalid('The issue was edited.')
  if (base.commit === plan.base.commit) return { ok: true, value: { kind: 'go', order } }
  if (!(await desk.git.isAncestor(plan.base.commit, base.commit))) {
    return invalid(`The branch ${request.defaultBranch} was force-pushed.`)
  }
  if (settings.faults.length > 0) return invalid('.github/pawl.yml is not valid any more.')
  return refit(services, order, base, { title, body })
}

/** The default branch moved: the plan is made anew on it, and held against the one that was approved. */
async function refit(
  services: Services,
  order: Order,
  base: { commit: string; tree: string },
  text: { title: string; body: string },
): Promise<Staged<Turn>> {
  const { request, plan, revisions } = order
  const { ground, proposed } = await recordNamed(services.updates, request.codename)
  if (!ground) throw new Error(`${request.codename} was approved without a pre-flight.`)
  const proposal = { request, revision: plan.revision, previous: null, revisions, because: [], voided: false }
  const desk = await benchAt(services, request, base.commit)
  const history = await historyOf(services.updates, request.repo)
  const drafted = await draftPlan(services, desk, proposal, base, { ground, history, proposed })
  if (!drafted.ok) {
    const because = [
      'The default branch moved, and the plan cannot be made on it:',
      ...drafted.findings.map((f) => f.message),
    ]
    return { ok: true, value: { kind: 'void', because, ...text } }
  }
  const { files } = await desk.git.measure(plan.base.commit, base.commit)
  const moved = files.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]))
  const fits = judgeApprovalFits(plan, { plan: drafted.value.plan, moved })
  if (!fits.keeps) return { ok: true, value: { kind: 'void', because: fits.because, ...text } }
  await note(services, request, 'approval kept', { moved }, base.commit)
  return { ok: true, value: { kind: 'go', order: { ...order, plan: { ...drafted.value.plan, digest: plan.digest } } } }
}

/** The issue as a webhook has just told, such as the one that brought the approval; `null` where GitHub has to be asked. */
async function seenAsApproved(services: Services, { request }: Order): Promise<IssueNow | null> {
  const { seen } = await recordNamed(services.updates, request.codename)
  return isSeenAsApproved(seen, request, Date.now()) ? seen : null
}

const notSucceeded: Finding = {
  gate: 'rollback',
  severity: 'error',
  rule: 'command-untimely',
  message: 'There is nothing of this update to roll back any more.',
}

/** The branch of an update, and the ref that keeps its commits until the branch is made. */
export const branchOf = (codename: string) => `refs/heads/pawl/${codename}`
export const workOf = (codename: string) => `refs/pawl/work/${codename}`

/** The branch of the pull request that takes an update back. */
export const revertBranchOf = (codename: string) => `refs/heads/pawl/${codename}-revert`

/** Removes the refs of an update. A branch that was there before, or to which somebody else has pushed, is left to them. */
export async function removeBranches(
  services: Services,
  desk: Desk,
  request: UpdateRequest,
  { head, pull, branch }: Progress,
  more: string[] = [],
): Promise<void> {
  const { codename } = request
  // What has gone to the branch is kept by no other ref any more.
  const refs = [
    ...(head === null ? [] : [branchOf(codename)]),
    ...(pull === null || branch !== null ? [workOf(codename)] : []),
  ]
  for (const ref of [...refs, ...more]) {
    // Where people worked on it, it is looked at: it may be theirs by now, or the host's already.
    const own = ref === branchOf(codename) && branch === null
    const at = own ? (head?.commit ?? null) : await desk.git.remote(ref)
    if (at === null || (ref === branchOf(codename) && at !== head?.commit && at !== branch)) continue
    const pushed = await recorded(services.acts, request, { name: `remove ${ref}`, what: { ref, at } }, () =>
      desk.git.push([{ ref, to: null, expect: at }]),
    )
    if (!pushed.ok && pushed.why !== 'moved') throw new Error(`${ref} could not be removed: ${pushed.message}`)
  }
}
