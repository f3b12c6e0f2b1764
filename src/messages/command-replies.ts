import type { Command, Finding, Outcome, Phase } from '../model.ts'
import type { Links } from './links.ts'
import type { Words } from './words.ts'

/** A command that was taken up; `detail` says what comes of it, in a sentence. `comment` is the id of the comment that gave it. */
export type AcceptedView = { codename: string; command: Command; actor: string; comment: number; detail: string }

/** A command that was not taken up, and why. */
export type RefusedView = { codename: string; command: Command; actor: string; comment: number; findings: Finding[] }

/** The answer to `/status`. */
export type StatusReplyView = {
  codename: string
  comment: number
  phase: Phase
  since: string
  outcome: Outcome | null
  queue: { position: number; of: number; waitsFor: string[] } | null
  links: Links
}

export function renderAccepted(view: AcceptedView, words: Words): string {
  throw new Error('not written yet')
}

export function renderRefused(view: RefusedView, words: Words): string {
  throw new Error('not written yet')
}

export function renderStatusReply(view: StatusReplyView): string {
  throw new Error('not written yet')
}

export function renderHelp(view: { codename: string; comment: number }): string {
  throw new Error('not written yet')
}
