import type { Finding, Outcome, Phase, PhaseRecord } from '../model.ts'
import type { ChangeReport } from './change-report.ts'
import type { FailureReport } from './failure-report.ts'
import type { Links } from './links.ts'
import type { Words } from './words.ts'

/** The one comment that is edited in place (EXEC-5). `since` is ISO 8601. */
export type StatusView = {
  codename: string
  title: string
  requester: string
  /** Which attempt at the issue, from 1. */
  attempt: number
  phase: Phase
  since: string
  outcome: Outcome | null
  /** Position counts from 1, the update being executed included; `waitsFor` are codenames. `null` when not queued. */
  queue: { position: number; of: number; waitsFor: string[] } | null
  /** Finished phases, in order. */
  phases: PhaseRecord[]
  /** Rounds of the fix loop so far. */
  fixes: number
  links: Links
  /** Why it ended or waits, if there is a reason to name. */
  findings: Finding[]
  /** The report of a finished update, which then ends this comment. */
  report: { kind: 'success'; report: ChangeReport } | { kind: 'failure'; report: FailureReport } | null
}

export function renderStatus(view: StatusView, words: Words): string {
  throw new Error('not written yet')
}
