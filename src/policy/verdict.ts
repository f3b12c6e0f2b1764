import type { Finding, GateName, Verdict } from '../model.ts'
import type { FindingRule } from '../model/finding-rule.ts'

/** A reason that stops: what is wrong and how to put it right. */
export function fault(gate: GateName, rule: FindingRule, message: string, remedy: string): Finding {
  return { gate, severity: 'error', rule, message, remedy }
}

/** A reason that only delays. */
export function pending(gate: GateName, rule: FindingRule, message: string): Finding {
  return { gate, severity: 'info', rule, message }
}

/** Any error fails; without one, any wait waits; else it passes. Findings are all kept, the worst first. */
export function verdictOf(gate: GateName, findings: Finding[], waiting = false): Verdict {
  const failed = findings.some((finding) => finding.severity === 'error')
  const rank = { error: 0, warning: 1, info: 2 }
  return {
    gate,
    verdict: failed ? 'fail' : waiting ? 'wait' : 'pass',
    findings: findings.toSorted((a, b) => rank[a.severity] - rank[b.severity]),
  }
}
