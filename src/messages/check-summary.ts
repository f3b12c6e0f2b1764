import type { Finding } from '../model.ts'
import { withoutSecrets } from '../model/secrets.ts'
import { joined } from './comment.ts'
import { codeCell, codeSpan, inline, plainLine } from './escape.ts'
import { findingList, plural, table } from './layout.ts'
import { limit } from './limit.ts'

/** `failed` blocks; `detail` is a short line. */
export type ValidatorRow = { name: string; result: 'passed' | 'failed' | 'skipped'; detail: string }

export type CheckView = { codename: string; round: 1 | 2; rows: ValidatorRow[]; findings: Finding[] }

type Annotation = {
  path: string
  start_line: number
  end_line: number
  annotation_level: 'notice' | 'warning' | 'failure'
  message: string
  title?: string
}

/** GitHub's text of a check run: at most 65,535 characters of summary, and 50 annotations a request. */
export type CheckText = { name: string; title: string; summary: string; annotations: Annotation[] }

const LONGEST_SUMMARY = 65_535
const MOST_ANNOTATIONS = 50

const LEVELS = { error: 'failure', warning: 'warning', info: 'notice' } as const
const RESULTS = { passed: '✅ passed', failed: '❌ failed', skipped: '➖ skipped' }

/** The text of `Pawl / round 1` or `Pawl / round 2`: one row a validator, its findings below and at their lines. */
export function checkSummary({ codename, round, rows, findings }: CheckView): CheckText {
  const failed = rows.filter((row) => row.result === 'failed').map((row) => row.name)
  const wrong = findings.find(({ severity }) => severity === 'error')
  const passed = wrong === undefined ? `${plural(rows.length, 'validator')} passed` : wrong.message
  const title = failed.length === 0 ? passed : `Failed: ${failed.join(', ')}`
  const summary = joined([
    `Round ${round} of ${codeSpan(codename)}.`,
    table(
      ['Validator', 'Result', 'Detail'],
      rows.map(({ name, result, detail }) => [codeCell(name), RESULTS[result], inline(detail)]),
    ),
    findingList(findings, 100),
  ])
  return {
    name: `Pawl / round ${round}`,
    title: plainLine(title, 200),
    summary: limit(summary, LONGEST_SUMMARY),
    annotations: annotationsOf(findings),
  }
}

/** The worst first; GitHub takes 50 a request, the summary has the others. */
function annotationsOf(findings: readonly Finding[]): Annotation[] {
  const order = ['error', 'warning', 'info']
  return findings
    .toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
    .flatMap(({ path, line, severity, rule, message, remedy }) => {
      if (path === undefined) return []
      const at = Math.max(1, line ?? 1)
      const text = remedy === undefined ? message : `${message}\n${remedy}`
      return [
        {
          path,
          start_line: at,
          end_line: at,
          annotation_level: LEVELS[severity],
          message: withoutSecrets(text).slice(0, 4_000).toWellFormed(),
          title: rule,
        },
      ]
    })
    .slice(0, MOST_ANNOTATIONS)
}
