import type { Finding, InboxMessage, Outcome, Plan, Snapshot, TreePoint, UpdateRequest } from '../model.ts'
import type { Revisions } from '../planning/revision.ts'

/** What the first half of the story works on. `because` says what made an earlier approval void. */
export type Proposal = {
  request: UpdateRequest
  revision: number
  previous: Plan | null
  revisions: Revisions
  because: string[]
}

export type Approval = { login: string; digest: string; at: string }

/** An approved plan, as the second half of the story takes it up. */
export type Order = { request: UpdateRequest; plan: Plan; revisions: Revisions; approvals: Approval[] }

/** How far an order has come; what must be undone is read from this and from nothing else. */
export type Progress = {
  snapshot: Snapshot | null
  /** Head of the update's branch after the last finished task. */
  head: TreePoint | null
  pull: number | null
  /** What round 1 passed: the head, the base it would be merged into, and the tree that the merge must give. */
  checked: (TreePoint & { base: string; mergeTree: string }) | null
  merged: TreePoint | null
  /** A deployment of the merged commit has begun: users may already be served by it. */
  deploying: boolean
  deployment: number | null
}

export const nothingDone: Progress = {
  snapshot: null,
  head: null,
  pull: null,
  checked: null,
  merged: null,
  deploying: false,
  deployment: null,
}

/** Why an order stops. `outcome` is what it is called when nothing was merged. */
export type Failure = { outcome: Extract<Outcome, 'failed' | 'cancelled'>; findings: Finding[] }

/** A stage's answer: its value, or the reasons why the update cannot go on. */
export type Staged<T> = { ok: true; value: T } | { ok: false; findings: Finding[] }

/** A wait's answer; `wait` asks to be looked at again. */
export type Looked<T> = { verdict: 'pass'; value: T } | { verdict: 'fail'; findings: Finding[] } | { verdict: 'wait' }

/** What GitHub asks of the default branch, and what its checks took last, ms. */
export type Ground = {
  requiredChecks: string[]
  requiredReviews: number
  pullRequestOnly: boolean
  checkDurations: { name: string; ms: number }[]
}

/** What people decided about a plan. */
export type Decision =
  | { kind: 'approved'; approvals: Approval[] }
  | { kind: 'revise'; text: string; actor: string }
  | { kind: 'edited'; title: string; body: string; actor: string }
  | { kind: 'ended'; outcome: 'rejected' | 'expired' | 'cancelled'; findings: Finding[] }

/** An approved order goes on, perhaps on a newer base; a void one says why, with the text of the issue now. */
export type Turn = { kind: 'go'; order: Order } | { kind: 'void'; because: string[]; title: string; body: string }

export type Nudge = Extract<InboxMessage, { kind: 'nudge' }>

/** How the pipeline is timed: `pollMs` is how often a wait looks by itself when no webhook comes. */
export type PipelineSettings = { pollMs: number; backoffMs: number }
