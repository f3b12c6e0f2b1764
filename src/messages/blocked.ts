import type { Finding } from '../model.ts'
import type { Words } from './words.ts'

/** Pre-flight found something that a person must put right. */
export type BlockedView = { codename: string; requester: string; findings: Finding[] }

export function renderBlocked(view: BlockedView, words: Words): string {
  throw new Error('not written yet')
}
