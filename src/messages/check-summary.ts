import type { Finding } from '../model.ts'

/** `failed` blocks; `detail` is a short line. */
export type ValidatorRow = { name: string; result: 'passed' | 'failed' | 'skipped'; detail: string }

export type CheckView = { codename: string; round: 1 | 2; rows: ValidatorRow[]; findings: Finding[] }

export type Annotation = {
  path: string
  start_line: number
  end_line: number
  annotation_level: 'notice' | 'warning' | 'failure'
  message: string
  title?: string
}

/** GitHub's text of a check run: at most 65,535 characters of summary, and 50 annotations a request. */
export type CheckText = { name: string; title: string; summary: string; annotations: Annotation[] }

export function checkSummary(view: CheckView): CheckText {
  throw new Error('not written yet')
}
