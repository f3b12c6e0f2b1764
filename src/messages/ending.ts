import type { Finding } from '../model.ts'
import { comment } from './comment.ts'
import { findingList } from './layout.ts'
import { nextText } from './phases.ts'
import type { Words } from './words.ts'

/** An update that ended before anything was changed, or that is held. */
export type EndingView = {
  codename: string
  requester: string
  kind: 'rejected' | 'expired' | 'cancelled' | 'held'
  findings: Finding[]
}

/** That it ended, or is held; why; and what can be done. */
export function renderEnding({ codename, requester, kind, findings }: EndingView, words: Words): string {
  return comment('ending', codename, [
    words(kind, { codename, requester }),
    findingList(findings),
    kind === 'held' ? nextText('held', null) : nextText('finished', kind),
  ])
}
