import type { Finding, GateName, MeasuredFile, Plan } from '../model.ts'
import type { Advisories } from './advisories.ts'

export type ReviewContext = {
  plan: Plan
  files: MeasuredFile[]
  /** The unified diff, base to head. */
  diff: string
  /** The new content of a changed path as text, `null` when removed or binary. */
  read(path: string): Promise<string | null>
  /** The content before the change. */
  readBase(path: string): Promise<string | null>
  /** Every path of the new tree. */
  tree: string[]
  /** What is known of the packages that the change adds. */
  advisories: Advisories
  signal: AbortSignal
}

/** What must be known of a change to judge its tree; of a task that has no plan yet, its own changes are the plan. */
export type TreeContext = Omit<ReviewContext, 'plan' | 'diff' | 'advisories'> & {
  plan: { tasks: Pick<Plan['tasks'][number], 'source' | 'changes'>[] }
}

/** A deterministic or model reviewer. Findings of severity `error` block; throwing blocks as `reviewer-error`. */
export type Validator = { name: string; review(context: ReviewContext): Promise<Finding[]> }

/** `gate` goes into the findings; `protectedPaths` are the configuration's globs; `fileLimit` is in bytes. */
export type ValidatorOptions = { gate: GateName; protectedPaths: string[]; fileLimit: number }
