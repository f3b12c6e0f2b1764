import { comment } from './comment.ts'
import { codeSpan, inline, link } from './escape.ts'
import { timeText } from './time.ts'
import type { Words } from './words.ts'

/** `expiresAt` is ISO 8601; `approvers` says in words who may approve. */
export type ReminderView = {
  codename: string
  requester: string
  digest: string
  approvers: string
  expiresAt: string
  planUrl: string | null
}

/** A reminder half-way to the expiry. */
export function renderReminder(view: ReminderView, words: Words): string {
  const { codename, requester, digest, approvers, expiresAt, planUrl } = view
  return comment('reminder', codename, [
    words('reminder', { codename, requester, expires: timeText(expiresAt) }),
    `${link('The plan', planUrl)} is approved with ${codeSpan(`/approve ${digest.slice(0, 12)}`)} by ${inline(approvers, 1_000)}.`,
  ])
}
