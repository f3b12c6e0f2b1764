import type { Plan } from '../model.ts'
import type { Sha256 } from './digest.ts'
import type { PlanFacts } from './facts.ts'

export function createPlan(_facts: PlanFacts, _sha256: Sha256): Plan {
  throw new Error('not written yet')
}
