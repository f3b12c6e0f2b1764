import type { Plan } from '../model.ts'

export type PlanDifference = { what: string; before: string; after: string }

export function diffPlans(_before: Plan, _after: Plan): PlanDifference[] {
  throw new Error('not written yet')
}
