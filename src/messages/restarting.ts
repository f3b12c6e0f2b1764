import { comment } from './comment.ts'
import { codeSpan, inline } from './escape.ts'
import { table } from './layout.ts'
import type { Words } from './words.ts'

/** The announcement before the restart (OUT-1). `previous` is the commit in service until now. */
export type RestartingView = {
  codename: string
  requester: string
  title: string
  environment: string
  via: string
  sha: string
  previous: string | null
  /** Why it is deployed: the update itself, or the way back. */
  reason: 'update' | 'rollback'
}

/** What restarts, with which version, and what happens if it does not come back well. */
export function renderRestarting(view: RestartingView, words: Words): string {
  const { codename, requester, title, environment, via, sha, previous, reason } = view
  const rows = [
    ['Environment', inline(environment)],
    ['Version', codeSpan(sha.slice(0, 12))],
    ['In service until now', previous === null ? 'nothing that Pawl knows of' : codeSpan(previous.slice(0, 12))],
    ['Through', inline(via)],
  ]
  const after =
    reason === 'rollback'
      ? 'This is the way back: the last good version returns.'
      : 'If it does not come back in health, the version in service until now returns by itself.'
  return comment(
    'restarting',
    codename,
    [words('restarting', { codename, requester, title }), table(['', ''], rows), after],
    { reason },
  )
}
