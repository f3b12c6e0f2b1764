import type { CheckRun, ExpectedChecks, Finding, Verdict } from '../model.ts'
import type { FindingRule } from '../model/finding-rule.ts'
import { judgeChecks } from './checks.ts'

/** The checks on the head of the default branch; `appears` is ms. */
export type BaseChecks = {
  head: string
  expected: ExpectedChecks
  runs: CheckRun[]
  trusted: string[]
  appears: number
}

const RULES: Partial<Record<FindingRule, FindingRule>> = {
  'check-failed': 'base-checks-failing',
  'check-unknown': 'base-checks-failing',
  'check-missing': 'base-checks-missing',
  'checks-none': 'base-checks-missing',
  'check-pending': 'base-checks-pending',
  'check-timed-out': 'base-checks-pending',
}

/** PRE-4: what is broken before the update must not be taken for its doing. Times are epoch ms, `timeout` ms. */
export function judgeBaseChecks(
  { head, ...checks }: BaseChecks,
  times: { since: number; now: number; timeout: number },
): Verdict {
  const { since, now, timeout } = times
  const judged = judgeChecks({ gate: 'preflight', ...checks, since, now, timeout })
  const findings = judged.findings.map((finding): Finding => {
    const message = `On the default branch (${head.slice(0, 12)}): ${finding.message}`
    return { ...finding, rule: RULES[finding.rule] ?? finding.rule, message }
  })
  return { ...judged, findings }
}
