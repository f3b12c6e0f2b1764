import { now, publish, receive, step } from '../engine.ts'
import type { Finding, GateName, InboxMessage } from '../model.ts'
import type { Looked } from '../stages/order.ts'

/** The one topic that a workflow listens on: commands, events of the issue, and nudges about GitHub. */
export const INBOX = 'inbox'

export type Waited<T> = { ok: true; value: T; attempts: number } | { ok: false; findings: Finding[]; interrupted: boolean }

export type Wait<T> = {
  name: string
  gate: GateName
  pollMs: number
  /** Whether looking at once can already decide; otherwise the first look follows the first nudge. */
  lookFirst: boolean
  /** Nudges about other things are not worth a request. */
  hears: (nudge: Extract<InboxMessage, { kind: 'nudge' }>) => boolean
  /** Gathers and judges; `since` is when the wait began, epoch ms. It must fail by itself when its time is up. */
  look: (since: number) => Promise<Looked<T>>
}

/**
 * Waits until a look decides. A webhook's nudge wakes it, and it polls slowly by itself, so that a lost webhook delays and
 * never hangs. A person's `/cancel`, `/rollback`, a closed issue or a removed label end it, `/hold` pauses it.
 */
export async function waitUntilDecided<T>(wait: Wait<T>): Promise<Waited<T>> {
  const since = await now()
  for (let look = wait.lookFirst ? 1 : 0; ; look++) {
    if (look > 0) {
      const seen = await step(`${wait.name}: look ${look}`, () => wait.look(since))
      if (seen.verdict === 'pass') return { ok: true, value: seen.value, attempts: look }
      if (seen.verdict === 'fail') return { ok: false, findings: seen.findings, interrupted: false }
    }
    const interruption = await listen(wait.gate, (await now()) + wait.pollMs, wait.hears)
    if (interruption) return { ok: false, findings: [interruption], interrupted: true }
  }
}

/** Listens until the moment (epoch ms) or a nudge worth hearing; answers what ends the update, or `null` to go on. */
export async function listen(
  gate: GateName,
  until: number,
  hears: (nudge: Extract<InboxMessage, { kind: 'nudge' }>) => boolean,
): Promise<Finding | null> {
  // The marker stands before every receive, so that later versions have a place to insert steps (see ARCHITECTURE.md, upgrades).
  await publish('waiting', gate)
  for (;;) {
    const message = await receive<InboxMessage>(INBOX, until)
    if (message === null) return null
    if (message.kind === 'nudge' && hears(message)) return null
    const interruption = interruptionOf(gate, message)
    if (interruption) return interruption
    if (message.kind === 'command' && message.command.name === 'hold') {
      const ended = await held(gate)
      return ended
    }
  }
}

/** Stands still until `/resume`, or until something ends the update. No time-out: a person asked for this. */
async function held(gate: GateName): Promise<Finding | null> {
  for (;;) {
    const message = await receive<InboxMessage>(INBOX, Number.MAX_SAFE_INTEGER)
    if (message === null) continue
    if (message.kind === 'command' && message.command.name === 'resume') return null
    const interruption = interruptionOf(gate, message)
    if (interruption) return interruption
  }
}

/** What a message means for an update that is being carried out, `null` when it may go on. */
export function interruptionOf(gate: GateName, message: InboxMessage): Finding | null {
  const finding = (rule: Finding['rule'], text: string): Finding => ({ gate, severity: 'error', rule, message: text })
  if (message.kind === 'issue-closed') return finding('issue-closed', `@${message.actor} closed the issue.`)
  if (message.kind === 'label-removed') return finding('label-removed', `@${message.actor} took the label off.`)
  if (message.kind !== 'command') return null
  if (message.command.name === 'cancel') return finding('cancelled', `@${message.actor} cancelled the update.`)
  if (message.command.name === 'rollback')
    return finding('rollback-requested', `@${message.actor} asked to roll back.`)
  return null
}
