import type {
  Finding,
  InboxMessage,
  Outcome,
  Plan,
  ProbeSample,
  Snapshot,
  Task,
  TreePoint,
  UpdateRequest,
} from '../model.ts'
import type { Revisions } from '../planning/revision.ts'

/** What the first half of the story works on. `because` says why the plan is made anew, `voided` that an approval falls with it. */
export type Proposal = {
  request: UpdateRequest
  revision: number
  previous: Plan | null
  revisions: Revisions
  because: string[]
  voided: boolean
}

/** A plan, and what its readers should know besides. */
export type Drafted = { plan: Plan; notes: Finding[] }

export type Approval = { login: string; digest: string; at: string }

/** An approved plan, as the second half of the story takes it up. */
export type Order = { request: UpdateRequest; plan: Plan; revisions: Revisions; approvals: Approval[] }

/** How far an order has come; what must be undone is read from this and from nothing else. */
export type Progress = {
  snapshot: Snapshot | null
  /** Head of the update's branch after the last finished task. */
  head: TreePoint | null
  /** The newest commit of the default branch that the head holds; `null` is that of the plan. */
  base: string | null
  pull: number | null
  /** Where the update's branch is while people work on it, and until it is the host's again. */
  branch: string | null
  /** What round 1 passed: the head, the base it would be merged into, and the tree that the merge must give. */
  checked: (TreePoint & { base: string; mergeTree: string }) | null
  merged: TreePoint | null
  /** How the service did before it was touched. */
  baseline: ProbeSample[]
  /** A deployment of the merged commit has begun: users may already be served by it. */
  deploying: boolean
  deployment: Begun | null
  /** The deployment has come about: users are served by the merged commit. */
  inService: boolean
}

/** A deployment that has begun; `pollMs` says how often to ask, `null` where a webhook tells; `timeout` is ms. */
export type Begun = { id: number | null; pollMs: number | null; timeout: number }

export const nothingDone: Progress = {
  snapshot: null,
  head: null,
  base: null,
  pull: null,
  branch: null,
  checked: null,
  merged: null,
  baseline: [],
  deploying: false,
  deployment: null,
  inService: false,
}

/** A task that waits for a person: from where on, for how long (ms), and what was wrong with an earlier push (round 0: none). */
export type Waiting = { task: Task; from: TreePoint; withinMs: number; round: number; findings: Finding[] }

/** Why an order stops. `outcome` is what it is called when nothing was merged. */
export type Failure = { outcome: Extract<Outcome, 'failed' | 'cancelled'>; findings: Finding[] }

export const failed = (findings: Finding[]): Failure => ({ outcome: 'failed', findings })
export const cancelled = (...findings: Finding[]): Failure => ({ outcome: 'cancelled', findings })

/** A stage's answer: its value, or the reasons why the update cannot go on. */
export type Staged<T> = { ok: true; value: T } | { ok: false; findings: Finding[] }

/** A wait's answer; `wait` asks to be looked at again. */
export type Looked<T> = { verdict: 'pass'; value: T } | { verdict: 'fail'; findings: Finding[] } | { verdict: 'wait' }

/** What GitHub asks of the default branch, what its checks took last, ms, and what pre-flight noticed and let pass. */
export type Ground = {
  requiredChecks: string[]
  requiredReviews: number
  pullRequestOnly: boolean
  checkDurations: { name: string; ms: number }[]
  warnings: Finding[]
}

/** What people decided about a plan. */
export type Decision =
  | { kind: 'approved'; approvals: Approval[] }
  | { kind: 'revise'; text: string; said?: string; actor: string }
  | { kind: 'edited'; title: string; body: string; actor: string }
  | { kind: 'ended'; outcome: 'rejected' | 'expired' | 'cancelled'; findings: Finding[] }

/** An approved order goes on, perhaps on a newer base; a void one says why, with the text of the issue now. */
export type Turn = { kind: 'go'; order: Order } | { kind: 'void'; because: string[]; title: string; body: string }

/** Runs of workflows that were stopped, to be started again, with the attempt that was stopped; `outrun` are their check runs. */
export type Stopped = { runs: { id: number; attempt: number }[]; outrun: number[] }

export type Nudge = Extract<InboxMessage, { kind: 'nudge' }>

/** How the pipeline is timed: `pollMs` is how often a wait looks by itself when no webhook comes. */
export type PipelineSettings = { pollMs: number; backoffMs: number }
