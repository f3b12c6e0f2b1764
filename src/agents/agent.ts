import type { Task, Trust } from '../model.ts'
import type { ExecResult } from '../sandbox/child.ts'
import type { LentKey } from '../sandbox/network/open.ts'

/** A text and how far it may be believed. */
export type MarkedText = { text: string; trust: Trust }

/** The task as an agent sees it: frozen at the trigger, so what was edited later cannot reach it. */
export type AgentTask = {
  codename: string
  task: Pick<Task, 'id' | 'title' | 'source'>
  title: MarkedText
  body: MarkedText
  /** Globs of what the change may touch, where that is planned already, and of what the host puts back. */
  mayTouch: string[]
  excluded: string[]
}

/** What earlier rounds found wrong with this agent's change, for the fix loop. */
export type Retry = { round: number; findings: { rule: string; message: string; path?: string }[]; logs: MarkedText[] }

/** What the host lends an agent. There is no client, no credential and no `.git` in it. */
export type AgentContext = {
  /** The directory whose files the agent changes. */
  workspace: string
  signal: AbortSignal
  /** Runs a command in the sandbox with the workspace mounted; fails closed when the sandbox does not work. */
  exec: (
    command: string[],
    options?: {
      timeoutMs?: number
      network?: string[]
      env?: Record<string, string>
      stdin?: string
      /** Keys of the operator that the command uses and does not see. */
      keys?: LentKey[]
    },
  ) => Promise<ExecResult>
  progress: (text: string) => void
  /** Tells the host what a model has used; it goes into the log. */
  spend: (use: { tokens: number; usd: number | null }) => void
}

export type ChangeResult =
  | { state: 'done'; summary: string }
  /** Somebody outside makes the change and pushes it to the update's branch, within this time, ms. */
  | { state: 'waiting'; for: 'push'; withinMs: number }
  | { state: 'questions'; questions: string[] }
  | { state: 'failed'; reason: string; remedy: string; retryable: boolean }

/**
 * Makes a change in a workspace. The host measures the tree itself afterwards: an agent hands over nothing.
 * `exact` agents do the same thing each time, so the planner runs them beforehand and the plan holds facts.
 */
export type Agent = {
  name: string
  exact: boolean
  /** It is told beforehand where it is to work: words that name no file are asked about. */
  needsPaths?: true
  accepts(task: { source: Task['source'] }): boolean
  change(task: AgentTask, retry: Retry | null, context: AgentContext): Promise<ChangeResult>
}
