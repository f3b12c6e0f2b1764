import { renderPlan } from '../messages/plan-comment.ts'
import { renderReminder } from '../messages/reminder.ts'
import type { InboxMessage, Plan, UpdateRequest } from '../model.ts'
import { parseRevision } from '../planning/revise.ts'
import { forOtherTasks } from '../planning/revision.ts'
import { oneLine } from '../planning/visible.ts'
import { countApprovals } from '../policy/approval.ts'
import { describe } from '../policy/authorisation.ts'
import { comment, label, placeOf, showStatus } from './correspondence.ts'
import { draftPlan, historyOf } from './draft.ts'
import type { Approval, Decision, Drafted, Ground, Order, Proposal, Staged } from './order.ts'
import { askPlanner } from './planner.ts'
import { mayNotSpend, metered } from './quota.ts'
import { enterPhase, keep, recordNamed } from './record.ts'
import { deskOf, type Services } from './services.ts'
import { benchAt } from './settings.ts'
import { note } from './trigger.ts'

type Change = Extract<Decision, { kind: 'revise' | 'edited' }>

export function proposing(services: Services) {
  const { updates } = services

  return {
    /** PLAN-1 to PLAN-9: the plan, or the questions that stand in its way. */
    async draft(draft: Proposal, ground: Ground): Promise<Staged<Drafted>> {
      const { request } = draft
      const record = await recordNamed(updates, request.codename)
      await enterPhase(updates, request.codename, 'planning', { part: { ground, findings: [] } })
      const base = await deskOf(services, request).git.branch(request.defaultBranch)
      if (!base) throw new Error(`${request.repo} has no branch ${request.defaultBranch}.`)
      const bench = await benchAt(services, request, base.commit)
      // Where pre-flight did not wait, the status comment is seconds old, and the plan follows in seconds.
      if (record.findings.length > 0 || draft.revision > 1) await showStatus(services, bench, request)
      const [over] = await mayNotSpend(services, request, 'plan')
      const asked = await metered(services, request, (spend) => {
        const purse = { empty: over?.message ?? null, spend }
        return askPlanner(services, bench, request, base.commit, record.proposed, purse)
      })
      if (asked?.told) {
        await note(
          services,
          request,
          'planner',
          { ...asked.told, proposed: asked.proposed, questions: asked.questions },
          asked.proposed.text,
        )
      }
      if (asked && asked.questions.length > 0) return { ok: false, findings: asked.questions }
      if (asked?.told) await keep(updates, request.codename, { proposed: asked.proposed })
      const history = await historyOf(updates, request.repo)
      return draftPlan(services, bench, draft, base, { ground, history, proposed: asked?.proposed ?? null })
    },

    /**
     * Stores the plan for good, then shows it to people (PLAN-10, PLAN-13). It waits for them only once its comment is there:
     * whoever approved before cannot have read it.
     */
    async present(draft: Proposal, { plan, notes }: Drafted): Promise<void> {
      const { request, previous, because, voided, revision, revisions } = draft
      await note(services, request, 'plan', plan, String(revision))
      const bench = await benchAt(services, request, plan.base.commit)
      const { approval } = bench.config
      const about = { approvers: describe(approval), expires: approval.expires }
      const body = renderPlan({ plan, previous, because, voided, notes, ...about }, bench.words)
      const planComment = await comment(services, bench, request, `plan comment ${revision}`, body)
      const part = { plan, planComment, revision, revisions, approvals: [] }
      await enterPhase(updates, request.codename, 'awaiting approval', { part })
      await label(services, bench, request, 'pawl:planned', revision === 1 ? { known: request.labels } : {})
      await showStatus(services, bench, request)
    },

    /** How long people have, ms, and whether somebody made it stand still before the plan was there. */
    async expiry({ request }: Proposal, plan: Plan): Promise<{ expires: number; remind: number; held: boolean }> {
      const { config } = await benchAt(services, request, plan.base.commit)
      const { held } = await recordNamed(updates, request.codename)
      return { expires: config.approval.expires, remind: config.approval.remind, held: held !== null }
    },

    async remind({ request, revision }: Proposal, plan: Plan): Promise<void> {
      const bench = await benchAt(services, request, plan.base.commit)
      const { approval } = bench.config
      const { codename, requester, htmlUrl, issue } = request
      const { planComment } = await recordNamed(updates, codename)
      const expiresAt = new Date(Date.now() + approval.expires - approval.remind).toISOString()
      const planUrl = planComment === null ? null : `${htmlUrl}/issues/${issue}#issuecomment-${planComment}`
      const view = { codename, requester, digest: plan.digest, approvers: describe(approval), expiresAt, planUrl }
      await comment(services, bench, request, `reminder ${revision}`, renderReminder(view, bench.words))
    },

    /** An approval is there that does not yet let the update go on. */
    async noteApproval(request: UpdateRequest, plan: Plan, approvals: Approval[]): Promise<void> {
      await note(
        services,
        request,
        'approval',
        { approvals },
        `${approvals.length} of ${approvals.at(-1)?.digest ?? ''}`,
      )
      const { findings } = countApprovals(approvals, plan.digest, plan.approvals.needed).verdict
      await keep(updates, request.codename, { approvals, findings })
      await showStatus(services, await benchAt(services, request, plan.base.commit), request)
    },

    /** The order is kept before it is enqueued; from now on its workflow hears what people say. */
    async accept(order: Order, workflow: string): Promise<void> {
      const { request, plan, approvals } = order
      await note(services, request, 'approved', { approvals, plan }, plan.digest)
      await enterPhase(updates, request.codename, 'queued', {
        stage: 'deliver',
        part: { order, approvals, workflow, findings: [] },
      })
      // One that is alone has its turn at once.
      const place = await placeOf(services, request)
      if (place !== null) await showStatus(services, await benchAt(services, request, plan.base.commit), request)
    },

    /** The issue was edited before there was a plan of it: the process goes on with the new text. */
    async reread(draft: Proposal, { title, body }: Extract<InboxMessage, { kind: 'issue-edited' }>): Promise<Proposal> {
      const request = { ...draft.request, title, body }
      await enterPhase(updates, request.codename, 'preflight', { part: { request, findings: [] } })
      return { ...draft, request }
    },

    /** What the next plan is made from: the edited text, or the same text with what `/revise` asks. */
    async revise(draft: Proposal, plan: Plan, change: Change): Promise<Proposal> {
      const { request } = draft
      await note(services, request, 'revision', change, String(draft.revision + 1))
      const { approvals } = await recordNamed(updates, request.codename)
      const next = { ...draft, revision: draft.revision + 1, previous: plan, voided: approvals.length > 0 }
      const edited = change.kind === 'edited' ? { ...request, title: change.title, body: change.body } : request
      await enterPhase(updates, request.codename, 'preflight', { part: { request: edited } })
      if (change.kind === 'edited') return { ...next, request: edited, because: [`@${change.actor} edited the issue.`] }
      const { text, said, actor } = change
      if (text === '' && said !== undefined) {
        const told = { ...request, answers: [...request.answers, said] }
        await keep(updates, request.codename, { request: told })
        const because = [`@${actor} said “${oneLine(said, 200)}”, and the tasks were planned anew with that.`]
        return { ...next, request: told, revisions: forOtherTasks(draft.revisions), because }
      }
      // It was readable when the command was judged; a plan that changed in the same moment may refuse it now.
      const revised = parseRevision(text, plan, draft.revisions)
      const read = said === undefined ? [] : [`@${actor} said “${oneLine(said, 200)}”, which was read as: ${text}`]
      if (revised.ok) return { ...next, revisions: revised.revisions, because: [...read, ...revised.notes] }
      return { ...next, because: revised.findings.map(({ message }) => message) }
    },
  }
}
