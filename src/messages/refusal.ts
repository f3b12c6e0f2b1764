import type { Finding } from '../model.ts'
import type { Words } from './words.ts'

/** Somebody may not start an update (TRIG-3). `helpers` says in words who may. */
export type RefusalView = { codename: string; person: string; label: string; findings: Finding[]; helpers: string }

export function renderRefusal(view: RefusalView, words: Words): string {
  throw new Error('not written yet')
}
