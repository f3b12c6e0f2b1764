import { now, publish, receive } from '../engine.ts'
import type { Finding, GateName, InboxMessage } from '../model.ts'
import type { Looked, Nudge } from '../stages/order.ts'
import type { Run } from './tries.ts'

/** The one topic that a workflow listens on: commands, events of the issue, and nudges about GitHub. */
export const INBOX = 'inbox'

export type Edit = Extract<InboxMessage, { kind: 'issue-edited' }>

/** `edit` is one of the issue, where the wait hears of them. */
export type Waited<T> = { ok: true; value: T } | { ok: false; findings: Finding[]; interrupted: boolean; edit?: Edit }

export type Wait<T> = {
  name: string
  gate: GateName
  pollMs: number
  /** Whether looking at once can already decide; otherwise the first look follows the first nudge. */
  lookFirst: boolean
  /** Nudges about other things are not worth a request. */
  hears: (nudge: Nudge) => boolean
  /** Times since the wait began, ms, after which a look decides by the time alone; it then looks without a nudge. */
  decidesAfter?: number[]
  /** On the way back people are not heard: it is gone to its end. Of edits only those hear who have no plan yet. */
  ear?: Ear
  /** Gathers and judges; `since` is when the wait began, epoch ms. It must fail by itself when its time is up. */
  look: (since: number, nudge: Nudge | null) => Promise<Looked<T>>
}

export type Ear = 'deaf' | 'edits' | 'people'

/**
 * Waits until a look decides. A webhook's nudge wakes it, and it polls slowly by itself, so that a lost webhook delays and
 * never hangs. A person's `/cancel`, `/rollback`, a closed issue or a removed label end it, `/hold` pauses it.
 */
export async function waitUntilDecided<T>(run: Run, wait: Wait<T>): Promise<Waited<T>> {
  let since = await now()
  let nudge: Nudge | null = null
  for (let look = wait.lookFirst ? 1 : 0; ; look++) {
    if (look > 0) {
      const [began, heard]: [number, Nudge | null] = [since, nudge]
      const seen = await run(`${wait.name}: look ${look}`, () => wait.look(began, heard))
      if (seen.verdict === 'pass') return { ok: true, value: seen.value }
      if (seen.verdict === 'fail') return { ok: false, findings: seen.findings, interrupted: false }
    }
    const heard = await listen(wait.gate, nextLook(wait, since, await now()), wait.hears, wait.ear)
    if (heard.kind === 'edited') return { ok: false, findings: [], interrupted: true, edit: heard.edit }
    if (heard.kind === 'end') return { ok: false, findings: [heard.finding], interrupted: true }
    nudge = heard.kind === 'nudge' ? heard.nudge : null
    if (heard.kind === 'nothing') since += heard.held
  }
}

/** When to look without a nudge: as often as all waits do, and as soon as a time is over that decides. */
function nextLook<T>({ pollMs, decidesAfter = [] }: Wait<T>, since: number, at: number): number {
  const deadlines = decidesAfter.map((ms) => since + ms).filter((deadline) => deadline > at)
  return Math.min(at + pollMs, ...deadlines)
}

/** What a wait heard: a nudge worth a look, a person's word that ends the update, or nothing in time; `held` ms were a hold. */
export type Heard =
  | { kind: 'nudge'; nudge: Nudge }
  | { kind: 'end'; finding: Finding }
  | { kind: 'edited'; edit: Edit }
  | { kind: 'nothing'; held: number }

/** Listens until the moment (epoch ms) or something worth hearing. `/hold` stops the clock until `/resume`. */
export async function listen(
  gate: GateName,
  until: number,
  hears: (nudge: Nudge) => boolean,
  ear: Ear = 'people',
): Promise<Heard> {
  // The marker stands before every receive, so that later versions have a place to insert steps (ARCHITECTURE.md, "Upgrades").
  await publish('waiting', gate)
  for (;;) {
    const message = await receive<InboxMessage>(INBOX, until)
    if (message === null) return { kind: 'nothing', held: 0 }
    if (message.kind === 'nudge' && hears(message)) return { kind: 'nudge', nudge: message }
    if (ear === 'deaf') continue
    if (ear === 'edits' && message.kind === 'issue-edited') return { kind: 'edited', edit: message }
    const finding = interruptionOf(gate, message)
    if (finding) return { kind: 'end', finding }
    if (message.kind === 'command' && message.command.name === 'hold') {
      const began = await now()
      const ended = await untilResumed(gate)
      return ended === null ? { kind: 'nothing', held: (await now()) - began } : { kind: 'end', finding: ended }
    }
  }
}

/** Stands still until `/resume`, or until something ends the update. No time-out: people decide here. */
export async function untilResumed(gate: GateName): Promise<Finding | null> {
  await publish('waiting', 'resume')
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
  const { command, actor } = message
  if (command.name === 'cancel') return finding('cancelled', `@${actor} cancelled the update.`)
  if (command.name === 'rollback') return finding('rollback-requested', `@${actor} asked to roll back.`)
  if (command.name === 'reject') {
    return finding('rejected', `@${actor} rejected the update${command.why ? `: ${command.why}` : '.'}`)
  }
  return null
}
