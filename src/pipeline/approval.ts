import { now, publish, receive, step } from '../engine.ts'
import type { Finding, InboxMessage, Plan, UpdateRequest } from '../model.ts'
import type { Approval } from '../stages/order.ts'
import type { Stages } from '../stages/stages.ts'
import { INBOX, interruptionOf } from './waits.ts'

export type Decision =
  | { kind: 'approved'; approvals: Approval[] }
  | { kind: 'revise'; text: string; actor: string }
  | { kind: 'edited'; title: string; body: string; actor: string }
  | { kind: 'ended'; outcome: 'rejected' | 'expired' | 'cancelled'; findings: Finding[] }

/**
 * Waits for people to decide about a plan. Waiting holds nobody's turn. Who may approve was judged when the command came
 * in; here approvals of this very digest are counted. A hold stops the clock of the expiry.
 */
export async function awaitDecision(
  stages: Pick<Stages, 'remind' | 'expiry'>,
  request: UpdateRequest,
  plan: Plan,
): Promise<Decision> {
  const approvals: Approval[] = []
  const { expires, remind } = await step('read expiry', () => stages.expiry(request))
  const began = await now()
  let reminded = false
  let held = false
  for (;;) {
    const until = began + (reminded ? expires : Math.min(remind, expires))
    await publish('waiting', 'approval')
    const message = await receive<InboxMessage>(INBOX, held ? (await now()) + expires : until)
    if (message === null) {
      if (held) continue
      if (reminded || remind >= expires) return ended('expired', 'expired', 'Nobody approved the plan in time.')
      reminded = true
      await step('remind', () => stages.remind(request, plan))
      continue
    }
    if (message.kind === 'issue-edited') {
      return { kind: 'edited', title: message.title, body: message.body, actor: message.actor }
    }
    const interruption = interruptionOf('approval', message)
    if (interruption) return { kind: 'ended', outcome: 'cancelled', findings: [interruption] }
    if (message.kind !== 'command') continue
    const { command, actor, at } = message
    if (command.name === 'hold') held = true
    if (command.name === 'resume') held = false
    if (command.name === 'revise') return { kind: 'revise', text: command.text, actor }
    if (command.name === 'reject') {
      return ended('rejected', 'rejected', `@${actor} rejected the plan${command.why ? `: ${command.why}` : '.'}`)
    }
    if (command.name !== 'approve' || command.digest !== plan.digest) continue
    if (!approvals.some((each) => each.login === actor)) approvals.push({ login: actor, digest: plan.digest, at })
    if (approvals.length >= plan.approvals.needed) return { kind: 'approved', approvals }
  }
}

function ended(outcome: 'rejected' | 'expired', rule: Finding['rule'], message: string): Decision {
  return { kind: 'ended', outcome, findings: [{ gate: 'approval', severity: 'info', rule, message }] }
}
