import type { Finding } from '../model.ts'
import { comment } from './comment.ts'
import { codeSpan, inline } from './escape.ts'
import { findingList } from './layout.ts'
import type { Words } from './words.ts'

/** Somebody may not start an update (TRIG-3). `helpers` says in words who may. */
export type RefusalView = { codename: string; person: string; label: string; findings: Finding[]; helpers: string }

/** Who they are, what was missing, who can help. */
export function renderRefusal(view: RefusalView, words: Words): string {
  const { codename, person, label, findings, helpers } = view
  return comment('refusal', codename, [
    words('refusal', { codename, person }),
    findingList(findings),
    `Who may: ${inline(helpers, 1_000)}. The label ${codeSpan(label)} was taken off; put on by one of them, it starts the update.`,
  ])
}
