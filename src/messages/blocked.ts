import type { Finding } from '../model.ts'
import { comment } from './comment.ts'
import { findingList } from './layout.ts'
import type { Words } from './words.ts'

/** Pre-flight found something that a person must put right. */
export type BlockedView = { codename: string; requester: string; findings: Finding[] }

/** What stands in the way, each with its remedy. */
export function renderBlocked({ codename, requester, findings }: BlockedView, words: Words): string {
  return comment('blocked', codename, [
    words('blocked', { codename, requester }),
    findingList(findings),
    'When that is put right, comment `/retry`.',
  ])
}
