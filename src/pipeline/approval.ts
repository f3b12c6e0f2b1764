import { now, publish, receive, step } from '../engine.ts'
import type { Finding, InboxMessage, Plan } from '../model.ts'
import type { Approval, Decision, Proposal } from '../stages/order.ts'
import type { Stages } from '../stages/stages.ts'
import { INBOX, interruptionOf } from './waits.ts'

/**
 * Waits for people to decide about a plan. Waiting holds nobody's turn. Who may approve was judged when the command came
 * in; here approvals of this very digest are counted. A hold stops the clock: the time left counts from the resume.
 */
export async function awaitDecision(
  stages: Pick<Stages, 'remind' | 'expiry' | 'noteApproval'>,
  draft: Proposal,
  plan: Plan,
): Promise<Decision> {
  const { revision, request } = draft
  const approvals: Approval[] = []
  const { expires, remind } = await step(`read expiry ${revision}`, () => stages.expiry(draft, plan))
  let began = await now()
  let reminded = false
  let heldSince: number | null = null
  for (;;) {
    const until = heldSince === null ? began + (reminded ? expires : remind) : Number.MAX_SAFE_INTEGER
    await publish('waiting', 'approval')
    const message = await receive<InboxMessage>(INBOX, until)
    if (message === null) {
      if (heldSince !== null) continue
      if (reminded) return ended('expired', 'expired', `Nobody approved the plan within ${days(expires)}.`)
      reminded = true
      await step(`remind ${revision}`, () => stages.remind(draft, plan))
      continue
    }
    if (message.kind === 'issue-edited') {
      return { kind: 'edited', title: message.title, body: message.body, actor: message.actor }
    }
    if (message.kind !== 'command') {
      const interruption = interruptionOf('approval', message)
      if (interruption) return { kind: 'ended', outcome: 'cancelled', findings: [interruption] }
      continue
    }
    const { command, actor, at } = message
    if (command.name === 'revise') return { kind: 'revise', text: command.text, actor }
    if (command.name === 'reject') {
      return ended('rejected', 'rejected', `@${actor} rejected the plan${command.why ? `: ${command.why}` : '.'}`)
    }
    const interruption = interruptionOf('approval', message)
    if (interruption) return { kind: 'ended', outcome: 'cancelled', findings: [interruption] }
    if (command.name === 'hold') heldSince ??= await now()
    if (command.name === 'resume' && heldSince !== null) {
      began += (await now()) - heldSince
      heldSince = null
    }
    // The digest was filled in where the command was judged; one of an older revision approves nothing.
    if (command.name !== 'approve' || command.digest !== plan.digest) continue
    if (!approvals.some((each) => each.login === actor)) approvals.push({ login: actor, digest: plan.digest, at })
    if (approvals.length >= plan.approvals.needed) return { kind: 'approved', approvals }
    await step(`note approval ${revision}.${approvals.length}`, () => stages.noteApproval(request, plan, approvals))
  }
}

function ended(outcome: 'rejected' | 'expired', rule: Finding['rule'], message: string): Decision {
  return { kind: 'ended', outcome, findings: [{ gate: 'approval', severity: 'info', rule, message }] }
}

function days(ms: number): string {
  const hours = ms / 3_600_000
  return hours >= 48
    ? `${Math.round(hours / 24)} days`
    : hours >= 2
      ? `${Math.round(hours)} hours`
      : `${Math.round(ms / 1000)} s`
}
