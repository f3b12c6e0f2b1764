import type { FindingRule } from './model/finding-rule.ts'
import type { Impact } from './model/impact.ts'

/**
 * The vocabulary of Pawl. Everything here is plain, JSON-able data: it crosses the durable engine, the audit log, the
 * command line and the messages unchanged. Times are ISO 8601 strings in UTC, durations are milliseconds, sizes bytes.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** GitHub's `owner/name`. */
export type RepositoryName = string

/** Repository permissions in GitHub's order, weakest first. */
export type Permission = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin'

/** How far a text may be believed; decides how it is quoted to people and to models. */
export type Trust = 'maintainer' | 'requester' | 'outsider' | 'repository'

/** One attempt at one issue. `title` and `body` are those of the moment of the trigger: later edits start a new attempt. */
export type UpdateRequest = {
  repo: RepositoryName
  installation: number
  issue: number
  attempt: number
  codename: string
  requester: string
  title: string
  body: string
  /** What people answered to the questions of earlier attempts, oldest first. */
  answers: string[]
  /** How far the issue's text may be believed: that of its author. */
  trust: Trust
  /** The label that started it, and all labels of the issue at that moment. */
  label: string
  labels: string[]
  defaultBranch: string
  cloneUrl: string
  htmlUrl: string
  at: string
}

/** A commit and its tree: the pair that every proof is made of. */
export type TreePoint = { commit: string; tree: string }

export type Severity = 'info' | 'warning' | 'error'

export type GateName =
  | 'trigger'
  | 'preflight'
  | 'plan'
  | 'approval'
  | 'queue'
  | 'execution'
  | 'round1'
  | 'merge'
  | 'round2'
  | 'deploy'
  | 'health'
  | 'rollback'

/** One reason, with the rule that gave it and, where a person can act, the remedy. `rule` is one of `FindingRule`. */
export type Finding = {
  gate: GateName
  severity: Severity
  rule: FindingRule
  message: string
  remedy?: string
  path?: string
  line?: number
}

export type Verdict = { gate: GateName; verdict: 'pass' | 'fail' | 'wait'; findings: Finding[] }

export type FileChange = {
  path: string
  kind: 'create' | 'modify' | 'remove'
  additions: number
  deletions: number
  from?: string
  /** Git's id of the file's new content, where that is known beforehand; none of a removed file. */
  blob?: string
}

/** One changed file as the host measured it from git; modes are git's octal strings, `null` where the file is not there. */
export type MeasuredFile = FileChange & {
  binary: boolean
  oldMode: string | null
  newMode: string | null
  /** Bytes of the new file; 0 when removed. */
  size: number
}

/** An edge of the dependency map: `from` needs `to`. Paths are relative to the repository's root, with `/`. */
export type Dependency = { from: string; to: string; kind: string }

export type RiskLevel = 'low' | 'medium' | 'high'

/** What a task asks for, as parsed from the issue: a ready diff, whole files, a named recipe, or words only. */
export type TaskSource =
  | { kind: 'diff'; diff: string }
  | { kind: 'files'; files: { path: string; content: string }[] }
  | { kind: 'recipe'; recipe: string }
  | { kind: 'words'; text: string; trust: Trust }

export type Task = {
  id: number
  title: string
  agent: string
  needs: number[]
  source: TaskSource
  /** Known exactly for agents that show their change beforehand; else the paths the task may touch, as globs. */
  exact: boolean
  changes: FileChange[]
  mayTouch: string[]
  /** Globs; what the agent changes there is put back before the change is measured. */
  excluded: string[]
  integrates: string[]
  tests: string[]
  validation: string
  rollbackPoint: string
  estimate: Estimate
}

/** A duration with its spread; `basis` says from how many finished updates, or by which rule. */
export type Estimate = { p50: number; p90: number; basis: string }

export type Checkpoint = { when: string; gates: string[] }

/** A success criterion that a machine judges at the end. */
export type Criterion =
  | { kind: 'files-as-planned' }
  | { kind: 'checks-pass'; round: 1 | 2 }
  | { kind: 'tree-is-checked-tree' }
  | { kind: 'deployed'; environment: string }
  | { kind: 'healthy'; probe: string }

export type JudgedCriterion = { criterion: Criterion; met: boolean; evidence: string }

export type ExpectedChecks = {
  /** `all` waits for every run of GitHub Actions on the commit, `named` for these names only, `none` for none. */
  mode: 'all' | 'named' | 'none'
  /** Checks that must be there; in mode `all` besides whatever else runs. */
  names: string[]
  /** How many runs of workflows (a check suite each) are triggered at least, so that a late suite is missing and not absent. */
  workflows: number
}

export type Plan = {
  codename: string
  revision: number
  base: TreePoint & { branch: string }
  request: { title: string; textDigest: string; requester: string }
  configDigest: string
  /** Digest of the settings that decide how this plan is carried out; a change of the others keeps an approval. */
  settingsDigest: string
  scope: {
    summary: string
    size: 'small' | 'medium' | 'large'
    complexity: 'simple' | 'moderate' | 'complex'
    files: number
    lines: number
  }
  impact: Impact
  /** The rules that apply, with what triggered each, and the reviewers asked for besides the configured ones. */
  risk: {
    level: RiskLevel
    rules: { rule: string; level: RiskLevel; why: string; mitigation: string }[]
    reviewers: string[]
  }
  tasks: Task[]
  checkpoints: Checkpoint[]
  checks: { round1: ExpectedChecks; round2: ExpectedChecks }
  reviewers: string[]
  /** Protected paths the change touches; approving the digest approves exactly these. */
  protectedPaths: string[]
  resources: {
    estimate: Estimate
    agents: { name: string; tasks: number[] }[]
    prerequisites: string[]
    constraints: string[]
    budget: string | null
  }
  criteria: Criterion[]
  /** Addresses probed besides the configured ones, and how long the probing lasts in ms: the risk may ask for more. */
  health: { probes: string[]; soak: number }
  communication: string[]
  approvals: { needed: number; requesterMay: boolean }
  deploy: { via: string; environment: string }
  digest: string
}

/** Taken before the first change; everything is restored to this. */
export type Snapshot = TreePoint & {
  tag: string
  branch: string
  at: string
  deployed: { sha: string; environment: string; deployment: number | null } | null
}

export type Certificate = {
  codename: string
  at: string
  /** `exact`: the default branch has the snapshot's tree. `without-change`: others merged meanwhile; only this change is gone. `untouched`: nothing was merged. */
  restoration: 'exact' | 'without-change' | 'untouched'
  snapshot: TreePoint
  final: TreePoint
  deployed: { sha: string; state: string } | null
  probes: { probe: string; healthy: boolean; detail: string }[]
  statement: string
}

export type Outcome =
  | 'succeeded'
  | 'rejected'
  | 'refused'
  | 'needs-info'
  | 'blocked'
  | 'expired'
  | 'cleared'
  | 'cancelled'
  | 'failed'
  | 'rolled-back'
  | 'rollback-failed'

/** The phases people see, in the order of the story. */
export type Phase =
  | 'processing'
  | 'preflight'
  | 'planning'
  | 'awaiting approval'
  | 'queued'
  | 'snapshot'
  | 'executing'
  | 'awaiting push'
  | 'round 1'
  | 'merging'
  | 'round 2'
  | 'deploying'
  | 'soak'
  | 'rolling back'
  | 'reporting'
  | 'held'
  | 'finished'

export type PhaseRecord = { name: Phase; startedAt: string; ms: number; attempts: number }

/** One probe's answer. */
export type ProbeSample = { probe: string; at: string; ok: boolean; ms: number; detail: string }

/** A check run, reduced to what decides: identity is app + workflow + name, the newest attempt counts. */
export type CheckRun = {
  id: number
  name: string
  app: string
  suite: number
  status: string
  conclusion: string | null
  startedAt: string | null
  completedAt: string | null
  url: string
}

/** A message from the outside to a waiting update. */
export type InboxMessage =
  | { kind: 'command'; command: Command; actor: string; comment: number; at: string }
  | {
      kind: 'nudge'
      about: 'checks' | 'deployment' | 'pull-request' | 'push'
      sha?: string
      pull?: number
      /** The full ref that was pushed, where it was before, and who pushed. */
      ref?: string
      before?: string
      actor?: string
      suite?: number
      deployment?: number
      state?: string
    }
  | { kind: 'issue-edited'; title: string; body: string; actor: string; at: string }
  | { kind: 'issue-closed'; actor: string }
  | { kind: 'label-removed'; actor: string }
  | { kind: 'answer'; actor: string; body: string; at: string }

export type Command =
  | { name: 'approve'; digest: string | null }
  /**
   * `said` are the free words that a model planner has put into the grammar of `text`; it is empty where no command says them,
   * and the tasks are planned anew with them.
   */
  | { name: 'revise'; text: string; said?: string }
  | { name: 'reject'; why: string }
  | { name: 'cancel' | 'retry' | 'rollback' | 'hold' | 'resume' | 'status' | 'unlock' | 'help' }
  | { name: 'unknown'; word: string }
