import { now, publish, receive } from '../engine.ts'
import { durationText } from '../messages/time.ts'
import type { Finding, InboxMessage, Plan } from '../model.ts'
import type { Approval, Decision, Proposal } from '../stages/order.ts'
import type { Stages } from '../stages/stages.ts'
import type { Run } from './tries.ts'
import { INBOX, interruptionOf } from './waits.ts'

/**
 * Waits for people to decide about a plan. Waiting holds nobody's turn. Who may approve was judged when the command came
 * in; here approvals of this very digest are counted. A hold stops the clock: the time left counts from the resume.
 */
export async function awaitDecision(
  run: Run,
  stages: Pick<Stages, 'remind' | 'expiry' | 'noteApproval'>,
  draft: Proposal,
  plan: Plan,
): Promise<Decision> {
  const { revision, request } = draft
  const approvals: Approval[] = []
  let noted = 0
  const { expires, remind, held } = await run(`read expiry ${revision}`, () => stages.expiry(draft, plan))
  let began = await now()
  let reminded = false
  let heldSince: number | null = held ? began : null
  for (;;) {
    const until = heldSince === null ? began + (reminded ? expires : remind) : Number.MAX_SAFE_INTEGER
    await publish('waiting', 'approval')
    const message = await receive<InboxMessage>(INBOX, until)
    if (message === null) {
      if (heldSince !== null) continue
      if (reminded) return ended('expired', 'expired', `Nobody approved the plan within ${durationText(expires)}.`)
      reminded = true
      await run(`remind ${revision}`, () => stages.remind(draft, plan))
      continue
    }
    if (message.kind === 'issue-edited') {
      // An edit that came before the plan may be in it already.
      if (message.title === request.title && message.body === request.body) continue
      return { kind: 'edited', title: message.title, body: message.body, actor: message.actor }
    }
    if (message.kind !== 'command') {
      const interruption = interruptionOf('approval', message)
      if (interruption) return { kind: 'ended', outcome: 'cancelled', findings: [interruption] }
      continue
    }
    const { command, actor, at } = message
    if (command.name === 'revise') {
      const { text, said } = command
      return { kind: 'revise', text, actor, ...(said === undefined ? {} : { said }) }
    }
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
    if (command.name === 'approve' && command.digest === plan.digest) {
      const known = approvals.some(({ login }) => login === actor)
      if (!known) approvals.push({ login: actor, digest: plan.digest, at })
    }
    const enough = approvals.length >= plan.approvals.needed
    if (enough && heldSince === null) return { kind: 'approved', approvals }
    if (command.name !== 'approve' || noted === approvals.length) continue
    noted = approvals.length
    const there = [...approvals]
    await run(`note approval ${revision}.${noted}`, () => stages.noteApproval(request, plan, there))
  }
}

function ended(outcome: 'rejected' | 'expired', rule: Finding['rule'], message: string): Decision {
  return { kind: 'ended', outcome, findings: [{ gate: 'approval', severity: 'info', rule, message }] }
}
