import type { Words } from './words.ts'

/** For an update that was cleared from the queue because the one before it failed (QUEUE-2). */
export type ReceiptView = { codename: string; requester: string; position: number; failed: { codename: string; issue: number; outcome: string } }

export function renderReceipt(view: ReceiptView, words: Words): string {
  throw new Error('not written yet')
}
