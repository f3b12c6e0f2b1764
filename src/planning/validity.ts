import type { Plan } from '../model.ts'

/** The world as it is when the turn comes: the plan made anew on it, and every path in which its base differs from the approved one. */
export type PlanNow = { plan: Plan; moved: string[] }

export function judgeApprovalFits(_approved: Plan, _now: PlanNow): { keeps: boolean; because: string[] } {
  throw new Error('not written yet')
}
