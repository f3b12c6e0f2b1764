/*
 * What the actions room offers: it reads workflow files, says which an event starts, and executes one run on this machine.
 * It knows no REST and keeps no state between starts: the server stores what `report` tells.
 */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** A file as it stands in the commit that decides: the pushed commit, or the merge commit of a pull request. */
export interface WorkflowFile {
  /** `.github/workflows/ci.yml`; other paths are not workflows and are left out. */
  path: string
  text: string
}

/** What happened, in the words of webhooks. */
export interface WorkflowEvent {
  /** `push`, `pull_request`, `deployment`, `deployment_status`, `workflow_dispatch`, `release`, … */
  name: string
  /** The webhook's payload; `action` in it is held against `types`. Becomes `github.event` and the event file. */
  payload: JsonObject
  /** `github.ref`: `refs/heads/main`, `refs/tags/v1`, `refs/pull/7/merge`. */
  ref: string
  /** `github.sha`: the commit that is checked out. For pull_request the merge commit. */
  sha: string
  /** For `paths` filters: files of the push or the pull request. Null (a new tag, too many) lets every filter pass. */
  changedFiles: string[] | null
}

/** A workflow that the event starts, or a file so wrong that GitHub would show a run that failed to start. */
export type TriggeredWorkflow =
  | { path: string; name: string; ok: true }
  | { path: string; name: string; ok: false; error: string }

/**
 * `triggeredWorkflows` in triggers.ts, pure: the workflows that an event starts, in order of path. An invalid file is listed with its error
 * for every push and pull_request event, since nobody can say what it would have been started by.
 * The payload of `workflow_dispatch` must name the file in `workflow` (its path), as GitHub's does; no other file starts.
 */
export type TriggeredWorkflows = (files: WorkflowFile[], event: WorkflowEvent) => TriggeredWorkflow[]

export type RunStatus = 'queued' | 'in_progress' | 'completed'
export type RunConclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'timed_out' | 'startup_failure'
export type JobConclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'timed_out'

export interface StepState {
  /** From 1: `Set up job` is 1, the workflow's own steps follow, `Complete job` is last. */
  number: number
  name: string
  status: RunStatus
  /** Null until completed. `success` for a failed step with continue-on-error, as GitHub shows it. */
  conclusion: 'success' | 'failure' | 'cancelled' | 'skipped' | null
  startedAt: string | null
  completedAt: string | null
}

/** From `::error file=a.js,line=3,title=T::message`, or a failed step's own `Process completed with exit code 1.` */
export interface Annotation {
  /** `.github` when the command named no file. */
  path: string
  startLine: number
  endLine: number
  startColumn?: number
  endColumn?: number
  level: 'notice' | 'warning' | 'failure'
  title?: string
  message: string
}

/** A job as it stands now; every report carries it whole. */
export interface JobState {
  /** Unique in the run and stable over attempts: the id, and a matrix job's number (`test`, `test/0`, `test/1`). */
  key: string
  /** The id in the workflow file. */
  id: string
  /** What a check run is called: `name` or id, with matrix values in brackets: `test (20, ubuntu-latest)`. */
  name: string
  status: RunStatus
  conclusion: JobConclusion | null
  startedAt: string | null
  completedAt: string | null
  labels: string[]
  steps: StepState[]
  annotations: Annotation[]
  /** What the job wrote to GITHUB_STEP_SUMMARY, step after step. */
  summary: string
  /** `environment:` of the job, evaluated; the server may make a deployment of it. */
  environment: { name: string; url: string | null } | null
  /** `permissions:` that hold for the job's token; null when neither job nor workflow says any. */
  permissions: Permissions | null
  /** Why a job did not run or failed outside a step (`services: are not supported here …`). */
  error: string | null
}

/** `read-all` and `write-all` arrive as the one key `*`. */
export type Permissions = Record<string, 'read' | 'write' | 'none'>

export type RunReport =
  | {
      kind: 'run'
      status: RunStatus
      conclusion: RunConclusion | null
      /** `name:` of the workflow, or its path. */
      name: string
      /** `run-name:` evaluated, else null. */
      title: string | null
      /** Of a `startup_failure`: what is wrong with the file, and where. */
      error: string | null
      at: string
    }
  | { kind: 'job'; job: JobState; at: string }
  /** Text of a job as it comes, whole lines, secrets masked. The whole log is `logPath(workDirectory, key)`. */
  | { kind: 'log'; jobKey: string; step: number; text: string; at: string }

/** What the server answers for a job's GITHUB_TOKEN. Called once a job, when the job starts. */
export type TokenFactory = (job: { key: string; id: string; permissions: Permissions | null }) => Promise<string>

export interface RunRequest {
  event: WorkflowEvent
  /** Path of the workflow file in the commit. Its text is read from there by the runner. */
  workflowPath: string
  /** The bare repository that `actions/checkout` reads. */
  repository: string
  /** `owner/name` */
  fullName: string
  defaultBranch: string
  /** Who: `github.actor`. */
  actor: string
  /** The head branch and base branch of a pull request (`github.head_ref`, `github.base_ref`); empty else. */
  headRef: string
  baseRef: string
  runId: number
  runNumber: number
  runAttempt: number
  /** No trailing slash: `http://127.0.0.1:1234`, `http://127.0.0.1:1234/api/v3`, `…/api/graphql`. */
  serverUrl: string
  apiUrl: string
  graphqlUrl: string
  token: TokenFactory
  secrets: Record<string, string>
  vars: Record<string, string>
  /** A folder of this run alone, made if missing. Logs and artifacts stay in it; workspaces are removed with their job. */
  workDirectory: string
  /** Cancels the run: jobs end as `cancelled` after their `always()` and `cancelled()` steps had 5 s. */
  signal: AbortSignal
  /** Reports come in order, one at a time; a rejection ends the run as an exception of `run`. */
  report: (report: RunReport) => void | Promise<void>
}

export interface RunOutcome {
  conclusion: RunConclusion
  jobs: JobState[]
}

/** Shared by all runs of a server: it bounds jobs at once and knows the concurrency groups. */
export interface Runner {
  /** Executes a run to its end. Rejects only for faults of the machine or of `report`, never for the workflow's. */
  run: (request: RunRequest) => Promise<RunOutcome>
  /** Resolves when no run is left. */
  idle: () => Promise<void>
  /** Cancels what runs and waits until nothing of it is left. */
  close: () => Promise<void>
}

/** `createRunner` in runner.ts. `jobs` (default 2) run at once; `now` is the clock of the reports. */
export type CreateRunner = (options?: { jobs?: number; now?: () => Date }) => Runner

/** `logPath` in run-folder.ts: the file with a job's whole log. */
export type LogPath = (workDirectory: string, jobKey: string) => string

/**
 * `reapOrphans` in orphans.ts: call it once at start with the folder above the run folders. Kills what jobs of a process
 * that died left behind (their watchdog normally did), known by a random id in their environment, never by a mere pid.
 */
export type ReapOrphans = (parentDirectory: string) => Promise<number>
