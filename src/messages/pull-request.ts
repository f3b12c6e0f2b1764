import type { Plan } from '../model.ts'

/** `issue` is in the same repository; `approvedBy` are logins. */
export type PullRequestView = { plan: Plan; issue: number; approvedBy: string[]; planUrl: string | null }

export function pullRequestText(view: PullRequestView): { title: string; body: string } {
  throw new Error('not written yet')
}
