import type { Config } from '../config.ts'
import type { Dependency, FileChange, Finding, Phase, TaskSource, TreePoint, Trust, UpdateRequest } from '../model.ts'
import type { Revisions } from './revision.ts'

/**
 * What the planner is told. The pipeline gathers these and calls, in this order:
 *
 * 1. `parseRequest(text)`: what the issue asks for.
 * 2. `draftTasks(…)`: which agent does what, in which order; the planner's questions about it. Questions end in `needs-info`.
 * 3. The pipeline runs the exact drafts in that order in a scratch worktree and measures each.
 * 4. `createPlan(facts, sha256)`: the plan with its digest.
 */
export type RequestText = {
  title: string
  body: string
  /** Answers of people to earlier questions, oldest first. */
  answers: string[]
  trust: Trust
}

/** What a request says, in the order it says it. */
export type ParsedRequest = {
  title: string
  /** The prose without blocks, hidden parts made visible. */
  words: string
  /** `line` is where the source begins in its text, counted from 1; `scope` are globs that a model planner proposed for words. */
  sources: { source: TaskSource; title: string; line: number; scope?: string[] }[]
  /** Faults of the text, severity `error`; each says how to mend it. */
  questions: Finding[]
  /** What the reader should know and need not mend. */
  notes: Finding[]
}

/** An agent as the planner sees it; `Agent` fits. */
export type AgentSkill = {
  name: string
  exact: boolean
  /** Words for it must name files. */
  needsPaths?: true
  accepts(task: { source: TaskSource }): boolean
}

/** A task before it was measured. `id` is its place in the request, so that it means the same task in every revision. */
export type TaskDraft = {
  id: number
  title: string
  agent: string
  exact: boolean
  source: TaskSource
  /** Ids of drafts that come before it. */
  needs: number[]
  /** Paths that the source itself names; `null` when only a run can tell. */
  paths: string[] | null
  /** Globs of what a task in words may touch, where they were proposed; else its words tell. */
  scope?: string[]
  /** Globs whose changes the host puts back after the agent ran. */
  excluded: string[]
}

/** What an exact draft really did in the scratch worktree. `binary` names changed paths that are no text. */
export type MeasuredDraft = { task: number; files: FileChange[]; binary: string[] }

/** The symbols a changed path exports, before and after; `null` where the file is not there. */
export type ExportsOfPath = { path: string; before: string[] | null; after: string[] | null }

/** A finished update of this repository, for estimates and calibration. */
export type FinishedUpdate = {
  codename: string
  at: string
  size: 'small' | 'medium' | 'large'
  tasks: { kind: TaskSource['kind']; agent: string; ms: number }[]
  phases: { name: Phase; ms: number }[]
  /** `open`: some tasks were in words, and their files not known. */
  predicted: { p50: number; p90: number; files: string[]; tasks: number; open?: boolean }
  actual: { ms: number; files: string[]; tasks: number }
}

/** A finished check run of the default branch. */
type CheckDuration = { name: string; ms: number }

/** The part of the configuration that decides plans and how they are carried out; `Config` fits. */
export type PlanningConfig = Pick<
  Config,
  | 'approval'
  | 'agents'
  | 'protected'
  | 'deviation'
  | 'limits'
  | 'validation'
  | 'risk'
  | 'merge'
  | 'deploy'
  | 'health'
  | 'rollback'
>

export type PlanFacts = {
  request: UpdateRequest
  revision: number
  base: TreePoint & { branch: string }
  /** The whole configuration of the base; its digest covers all that is handed in. */
  config: PlanningConfig
  parsed: ParsedRequest
  drafts: TaskDraft[]
  measured: MeasuredDraft[]
  /** What the exact drafts really did, as git shows it. */
  diffs: string[]
  /** Every path of the base tree. */
  paths: string[]
  /** On the base, and with the exact drafts done. */
  dependencies: Dependency[]
  entryPoints: string[]
  unresolved: number
  /** Imports that lead nowhere once the exact drafts are done, and did not before. */
  broken: { path: string; specifier: string }[]
  exports: ExportsOfPath[]
  /** The text of the CODEOWNERS file of the base. */
  codeowners: string | null
  /** With the exact drafts done. */
  workflows: { path: string; text: string }[]
  /** Names of the checks that branch protection or rulesets require on the default branch. */
  requiredChecks: string[]
  history: FinishedUpdate[]
  checkDurations: CheckDuration[]
  revisions: Revisions
  /** `12k tokens, 5 USD, 20 min` of the agents that use a model, `null` without one. */
  budget: string | null
}
