import type { Finding, Plan } from '../model.ts'
import type { PlanningConfig } from './facts.ts'

/** Asks for a way to test where nothing at all would judge the change: no check, no reviewer, no probe. `null` where something does. */
export function unjudged(plan: Plan, { health }: Pick<PlanningConfig, 'health'>): Finding | null {
  const { round1, round2 } = plan.checks
  const watched = health.probes.length + plan.health.probes.length > 0
  if (round1.mode !== 'none' || round2.mode !== 'none' || plan.reviewers.length > 0 || watched) return null
  return {
    gate: 'plan',
    severity: 'error',
    rule: 'checks-none',
    message: 'Nothing would judge this change: no check runs, no reviewer is set, and no probe watches.',
    remedy:
      'Add a workflow that runs on pull requests, or name a reviewer (validation.reviewers) or a probe (health.probes) in .github/pawl.yml.',
  }
}
