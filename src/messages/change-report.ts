import type { FileChange, JudgedCriterion, PhaseRecord, TreePoint } from '../model.ts'
import type { Links } from './links.ts'
import type { Words } from './words.ts'

/** What one validator, check or probe said in the end. */
export type Validation = { round: '1' | '2' | 'soak'; name: string; passed: boolean; detail: string; url?: string }

/** Predicted against actual (PLAN-14); durations are ms. */
export type Accuracy = {
  files: { predicted: string[]; actual: string[] }
  tasks: { predicted: number; actual: number }
  duration: { p50: number; p90: number; actual: number }
}

/** Everything that the change report tells (OUT-3). */
export type ChangeReport = {
  codename: string
  title: string
  requester: string
  approvedBy: string[]
  files: FileChange[]
  merged: TreePoint
  /** `null` when nothing is deployed. */
  deployment: { environment: string; sha: string; detail: string; url: string | null } | null
  validations: Validation[]
  criteria: JudgedCriterion[]
  accuracy: Accuracy
  phases: PhaseRecord[]
  fixes: number
  links: Links
}

export function changeReportSection(report: ChangeReport): string {
  throw new Error('not written yet')
}

export function renderChangeReport(report: ChangeReport, words: Words): string {
  throw new Error('not written yet')
}
