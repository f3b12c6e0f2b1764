import type { Command, Finding, Outcome, Phase } from '../model.ts'
import { comment } from './comment.ts'
import { codeSpan } from './escape.ts'
import { findingList, table } from './layout.ts'
import type { Links } from './links.ts'
import { linkLine } from './links.ts'
import { heldText, nextText, phaseLabel, type Held } from './phases.ts'
import { queueText, type Place } from './queue-text.ts'
import { timeText } from './time.ts'
import type { Words } from './words.ts'

/** A command that was not taken up, and why. `comment` is the id of the comment that gave it. */
export type RefusedView = { codename: string; command: Command; actor: string; comment: number; findings: Finding[] }

/** The answer to `/status`. */
export type StatusReplyView = {
  codename: string
  comment: number
  phase: Phase
  since: string
  outcome: Outcome | null
  held: Held | null
  /** What it waits for, if there is a reason to name. */
  findings: Finding[]
  queue: Place | null
  links: Links
}

const NO_COMMAND = 'There is no such command; `/help` lists those that there are.'
const NO_DIGEST = 'What follows `/approve` is no digest: copy the command that the plan shows.'

export function renderRefused(view: RefusedView, words: Words): string {
  const { codename, command, actor, comment: id, findings } = view
  const unknown = command.name !== 'unknown' ? null : command.word.startsWith('approve ') ? NO_DIGEST : NO_COMMAND
  return comment(
    'reply',
    codename,
    [words('command-refused', { codename, actor, command: spelled(command) }), findingList(findings), unknown],
    { comment: id },
  )
}

export function renderStatusReply(view: StatusReplyView): string {
  const { codename, phase, since, outcome, held, findings, queue, links } = view
  const next = nextText(held === null ? phase : 'held', outcome)
  const place = queue === null || outcome !== null ? null : `Queue: ${queueText(queue)}.`
  return comment(
    'reply',
    codename,
    [
      `${codeSpan(codename)}: ${outcome ?? phaseLabel(phase)}, since ${timeText(since)}. ${next}`,
      held === null || outcome !== null ? null : `Held ${heldText(held)}.`,
      findingList(findings),
      place,
      linkLine(links),
    ],
    { comment: view.comment },
  )
}

const HELP: [usage: string, what: string, who: string][] = [
  ['/approve [digest]', 'approves the plan; with the digest, exactly that one', 'approvers'],
  ['/revise <text>', 'asks for a new revision of the plan', 'the authorised, the requester'],
  ['/reject [why]', 'ends the request', 'the authorised'],
  ['/cancel', 'stops the update; what was done is undone', 'the authorised, the requester'],
  ['/retry', 'begins again after any end but success', 'the authorised, the requester'],
  ['/rollback', 'undoes the update, during it or afterwards', 'the authorised'],
  ['/hold', 'stands still at the next boundary', 'the authorised'],
  ['/resume', 'goes on after a hold', 'the authorised'],
  ['/status', 'says where the update is', 'everybody'],
  ['/unlock', 'takes a lock away that nobody holds any more', 'admins'],
  ['/help', 'shows this list', 'everybody'],
]

export function renderHelp(view: { codename: string; comment: number }): string {
  const rows = HELP.map(([usage, what, who]) => [`\`${usage}\``, what, who])
  return comment(
    'reply',
    view.codename,
    [
      table(['Command', 'What it does', 'Who may give it'], rows),
      'A command is the first line of a new comment; edits are not read.',
    ],
    { comment: view.comment },
  )
}

function spelled(command: Command): string {
  return `/${command.name === 'unknown' ? command.word : command.name}`
}
