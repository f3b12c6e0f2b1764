import type { Certificate, Finding, Outcome, Phase, PhaseRecord } from '../model.ts'
import type { Links } from './links.ts'
import type { Words } from './words.ts'

/** A piece of a log that shows the cause. */
export type LogExcerpt = { title: string; url: string | null; text: string }

/** Everything that the failure report tells (OUT-4). */
export type FailureReport = {
  codename: string
  title: string
  requester: string
  outcome: Outcome
  /** The phase in which it failed. */
  phase: Phase
  /** The phases that succeeded before. */
  phases: PhaseRecord[]
  fixes: number
  findings: Finding[]
  /** The cause in a sentence or two, as far as it could be told. */
  cause: string
  excerpts: LogExcerpt[]
  certificate: Certificate | null
  /** Updates that waited behind this one and were cleared. */
  cleared: { codename: string; issue: number }[]
  links: Links
}

export function failureReportSection(report: FailureReport): string {
  throw new Error('not written yet')
}

export function renderFailureReport(report: FailureReport, words: Words): string {
  throw new Error('not written yet')
}
