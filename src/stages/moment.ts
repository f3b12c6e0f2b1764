import type { Update } from '../audit/updates.ts'
import type { Config } from '../config.ts'
import { readIssue } from '../github/issues.ts'
import type { Command, Finding } from '../model.ts'
import { judgeDigest } from '../policy/approval.ts'
import { judgeRetry } from '../policy/retry.ts'
import { judgeTiming } from '../policy/timing.ts'
import { lockOn } from './lock.ts'
import { outlineOf, readRevisionText } from './planner.ts'
import type { UpdateRecord } from './record.ts'
import type { Desk, Services } from './services.ts'

/** `findings` say why not. */
export type JudgedCommand = {
  allowed: boolean
  findings: Finding[]
  /** What the free words of `/revise` were read as, in its grammar; empty where its tasks are planned anew with them. */
  commands?: string
}

/** Whether a command that this person may give makes sense now. */
export async function fitsTheMoment(
  services: Services,
  desk: Desk,
  config: Config,
  word: { command: Command; comment: number; actor: string },
  update: Update,
  record: UpdateRecord,
): Promise<Pick<JudgedCommand, 'findings' | 'commands'>> {
  const { command } = word
  const timing = judgeTiming(command, {
    phase: update.phase,
    outcome: update.outcome,
    merged: record.progress !== null && record.progress.merged !== null,
    planComment: record.planComment,
    comment: word.comment,
    locked: command.name === 'unlock' ? (await lockOn(desk, Date.now())) !== null : false,
    executing: record.executing,
    held: record.held !== null,
  })
  if (timing.length > 0) return { findings: timing }
  if (command.name === 'approve') return judgeDigest(command.digest, record.plan?.digest ?? '')
  if (command.name === 'retry') {
    const { findings } = judgeRetry(update.outcome)
    const open = findings.length > 0 || (await readIssue(desk.at, update.issue)).state === 'open'
    return { findings: open ? findings : [closed] }
  }
  if (command.name === 'revise' && record.plan) {
    const { request, plan, revisions, proposed } = record
    const waiting = { plan, request, revisions, proposed }
    // Whoever may revise is a maintainer or the requester.
    const trust = word.actor === request.requester ? 'requester' : 'maintainer'
    const read = await readRevisionText(services, { config }, command.text, waiting, trust)
    if (!read.ok) return { findings: read.findings }
    // What cannot be planned is refused here: it would end the plan that waits.
    const { questions } = outlineOf(services, { config }, request, proposed, read.revisions, null)
    return { findings: questions, ...(read.commands === undefined ? {} : { commands: read.commands }) }
  }
  return { findings: [] }
}

const closed: Finding = {
  gate: 'queue',
  severity: 'error',
  rule: 'issue-closed',
  message: 'The issue is closed.',
  remedy: 'Reopen it, then comment /retry.',
}
