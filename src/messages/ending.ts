import type { Finding } from '../model.ts'
import type { Words } from './words.ts'

/** An update that ended before anything was changed, or that is held. */
export type EndingView = {
  codename: string
  requester: string
  kind: 'rejected' | 'expired' | 'cancelled' | 'held'
  findings: Finding[]
}

export function renderEnding(view: EndingView, words: Words): string {
  throw new Error('not written yet')
}
