import type { Finding, Plan } from '../model.ts'
import type { Revisions } from './revision.ts'

export type Revised = { ok: true; revisions: Revisions; notes: string[] } | { ok: false; findings: Finding[] }

/** `earlier` is what was revised before; the answer's `revisions` are those and the new ones together. */
export function parseRevision(_text: string, _plan: Plan, _earlier: Revisions): Revised {
  throw new Error('not written yet')
}
