import type { Words } from './words.ts'

/** The announcement before the restart (OUT-1). `previous` is the commit in service until now. */
export type RestartingView = {
  codename: string
  environment: string
  via: string
  sha: string
  previous: string | null
  /** Why it is deployed: the update itself, or the way back. */
  reason: 'update' | 'rollback'
}

export function renderRestarting(view: RestartingView, words: Words): string {
  throw new Error('not written yet')
}
