import type { Finding, Plan } from '../model.ts'
import type { Words } from './words.ts'

/** A plan for people to decide about. */
export type PlanView = {
  plan: Plan
  /** The revision before this one, for the list of what changed. */
  previous: Plan | null
  /** What made an earlier approval void; empty when none was. */
  because: string[]
  /** What a reader should know besides: hidden text in the request, a deployment nobody hears. */
  notes: Finding[]
  /** Who may approve, in words: `describe(gatekeepers)` of the policy. */
  approvers: string
  /** ms until the plan expires. */
  expires: number
}

export function renderPlan(view: PlanView, words: Words): string {
  throw new Error('not written yet')
}
