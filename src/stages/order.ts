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
  /** What round 1 passed: the head and the tree that the merge must give. */
  checked: (TreePoint & { mergeTree: string }) | null
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

/** How people end a wait: the messages that stop or pause an update, by who sent them. */
export type Interrupting = Extract<InboxMessage, { kind: 'command' | 'issue-closed' | 'label-removed' }>

export type PipelineSettings = {
  /** How often a wait for GitHub looks by itself when no webhook comes, ms. */
  pollMs: number
}
