import type { Finding, GateName, Plan } from '../model.ts'

/** One changed file as the host measured it from git; modes are git's octal strings, `null` where the file is not there. */
export type MeasuredFile = {
  path: string
  from?: string
  kind: 'create' | 'modify' | 'remove'
  additions: number
  deletions: number
  binary: boolean
  oldMode: string | null
  newMode: string | null
  /** Bytes of the new file; 0 when removed. */
  size: number
}

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
  signal: AbortSignal
}

/** A deterministic or model reviewer. Findings of severity `error` block; throwing blocks as `reviewer-error`. */
export type Validator = { name: string; review(context: ReviewContext): Promise<Finding[]> }

/** `gate` goes into the findings; `protectedPaths` are the configuration's globs; `fileLimit` is in bytes. */
export type ValidatorOptions = { gate: GateName; protectedPaths: string[]; fileLimit: number }
