import { comment } from './comment.ts'
import { codeSpan, inline } from './escape.ts'
import { nextText } from './phases.ts'
import type { Words } from './words.ts'

/** For an update that was cleared from the queue because the one before it failed (QUEUE-2). */
export type ReceiptView = {
  codename: string
  requester: string
  position: number
  failed: { codename: string; issue: number; outcome: string }
}

/** What happened to the one before, that nothing of this one was changed, and how to go on. */
export function renderReceipt({ codename, requester, position, failed }: ReceiptView, words: Words): string {
  return comment('receipt', codename, [
    words('receipt', { codename, requester, failed: failed.codename }),
    `${codeSpan(failed.codename)} (issue #${failed.issue}) ended as ${inline(failed.outcome)}; this request was number ${position} in the queue. Its plan may rest on what did not come about, so it is not simply carried out.`,
    nextText('finished', 'cleared'),
  ])
}
