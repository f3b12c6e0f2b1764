import type { Finding, Snapshot, TreePoint } from '../model.ts'
import type { Words } from './words.ts'

/** What could not be restored; people are called by name. */
export type CallForHelpView = {
  codename: string
  /** Logins; each is mentioned. */
  people: string[]
  findings: Finding[]
  branch: string
  snapshot: Snapshot | null
  merged: TreePoint | null
}

export function renderCallForHelp(view: CallForHelpView, words: Words): string {
  throw new Error('not written yet')
}
