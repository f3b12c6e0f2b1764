import type { ActivityRecord } from './activity-record.ts'
import type { JsonObject } from './contract.ts'
import type { DependencyRecord } from './dependency-record.ts'

/*
 * Records around commits. Refs, commits and trees are not here: git is their one truth. `id` is unique over all kinds.
 */

/** The code half of a pull request. `id` is that of its issue record, which holds number, title, state and labels. */
export interface PullRecord {
  id: number
  repositoryId: number
  /** Branch names; both lie in the same repository. */
  headRef: string
  baseRef: string
  /** Where the branches are, or were when it was closed. */
  headSha: string
  baseSha: string
  draft: boolean
  merged: boolean
  mergedAt: string | null
  mergedById: number | null
  /** The trial merge while open, what the merge made afterwards. */
  mergeCommitSha: string | null
  /** Null until the trial merge has been made for these two commits. */
  mergeable: boolean | null
  requestedReviewerIds: number[]
  /** Of head against its merge base with base. */
  size: { commits: number; additions: number; deletions: number; changedFiles: number }
}

export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING'

export interface ReviewRecord {
  id: number
  repositoryId: number
  pullId: number
  userId: number
  state: ReviewState
  body: string
  commitSha: string
  submittedAt: string
}

export type CheckStatus = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending'
export type CheckConclusion =
  | 'action_required'
  | 'cancelled'
  | 'failure'
  | 'neutral'
  | 'success'
  | 'skipped'
  | 'stale'
  | 'startup_failure'
  | 'timed_out'

/** GitHub's `simple-commit`, kept where webhooks about a commit are made without asking git. */
export interface CommitSummary {
  id: string
  tree_id: string
  message: string
  timestamp: string
  author: { name: string; email: string }
  committer: { name: string; email: string }
}

/** One an app and head commit; of `github-actions` one a workflow run. */
export interface CheckSuiteRecord {
  id: number
  repositoryId: number
  appId: number
  headSha: string
  headCommit: CommitSummary
  headBranch: string | null
  /** Where the branch was before the push that asked for the suite. */
  before: string | null
  status: CheckStatus
  conclusion: CheckConclusion | null
  /** Of the workflow run, for `github-actions`. */
  runId: number | null
  createdAt: string
  updatedAt: string
}

/** In GitHub's own field names, as it comes and goes. */
export interface AnnotationRecord {
  path: string
  start_line: number
  end_line: number
  start_column?: number
  end_column?: number
  annotation_level: 'notice' | 'warning' | 'failure'
  message: string
  title?: string
  raw_details?: string
}

export interface CheckRunRecord {
  id: number
  repositoryId: number
  suiteId: number
  appId: number
  name: string
  headSha: string
  externalId: string
  detailsUrl: string | null
  status: CheckStatus
  conclusion: CheckConclusion | null
  startedAt: string | null
  completedAt: string | null
  output: { title: string | null; summary: string | null; text: string | null }
  annotations: AnnotationRecord[]
}

export interface StatusRecord {
  id: number
  repositoryId: number
  sha: string
  context: string
  state: 'error' | 'failure' | 'pending' | 'success'
  targetUrl: string | null
  description: string | null
  creatorId: number
  createdAt: string
}

export interface DeploymentRecord {
  id: number
  repositoryId: number
  sha: string
  /** As it was asked for: a branch, a tag or a sha. */
  ref: string
  task: string
  environment: string
  /** As it was given: an object, or a text. */
  payload: JsonObject | string
  description: string | null
  creatorId: number
  viaAppId: number | null
  transient: boolean
  production: boolean
  createdAt: string
  updatedAt: string
}

export type DeploymentState = 'error' | 'failure' | 'inactive' | 'in_progress' | 'queued' | 'pending' | 'success'

export interface DeploymentStatusRecord {
  id: number
  repositoryId: number
  deploymentId: number
  state: DeploymentState
  description: string
  environment: string
  environmentUrl: string
  logUrl: string
  creatorId: number
  viaAppId: number | null
  createdAt: string
}

export interface ReleaseRecord {
  id: number
  repositoryId: number
  tag: string
  targetCommitish: string
  name: string | null
  body: string | null
  draft: boolean
  prerelease: boolean
  /** What `make_latest` asked for. */
  latest: 'true' | 'false' | 'legacy'
  authorId: number
  createdAt: string
  updatedAt: string
  publishedAt: string | null
}

export interface WorkflowRecord {
  id: number
  repositoryId: number
  path: string
  name: string
  createdAt: string
  updatedAt: string
}

/** What a run is started with; kept so that a rerun, or a start after a crash, is the same run. */
export interface RunTrigger {
  event: string
  payload: JsonObject
  ref: string
  sha: string
  changedFiles: string[] | null
  headRef: string
  baseRef: string
}

export type RunConclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'timed_out' | 'startup_failure'

export interface WorkflowRunRecord {
  id: number
  repositoryId: number
  workflowId: number
  suiteId: number
  name: string
  title: string
  trigger: RunTrigger
  /** What its checks are reported on: for a pull request the head, not the merge commit that is run. */
  headSha: string
  headBranch: string | null
  pullNumbers: number[]
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: RunConclusion | null
  number: number
  attempt: number
  actorId: number
  /** Who asked for this attempt. */
  triggeringActorId: number
  createdAt: string
  updatedAt: string
  startedAt: string
}

export interface StepRecord {
  number: number
  name: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: string | null
  started_at: string | null
  completed_at: string | null
}

/** `id` is that of its check run. */
export interface JobRecord {
  id: number
  repositoryId: number
  runId: number
  attempt: number
  /** Of `JobState`, unique in the attempt. */
  key: string
  name: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: string | null
  createdAt: string
  startedAt: string | null
  completedAt: string | null
  labels: string[]
  steps: StepRecord[]
  /** Made for the job's `environment:`. */
  deploymentId: number | null
}

/** Refs that are about to move, written before they do, so that a crash in between loses no event. */
export interface RefIntentRecord {
  id: number
  repositoryId: number
  actorId: number
  viaAppId: number | null
  byWorkflow: boolean
  changes: { name: string; before: string | null; after: string | null }[]
  /** The pull request whose merge this is, and the commit that its merge made. */
  merging: { pullId: number; sha: string } | null
}

/** Something happened that may start workflows; kept until it has. */
export interface TriggerRecord {
  id: number
  repositoryId: number
  actorId: number
  event: string
  payload: JsonObject
}

export interface CodeRecords {
  pull: PullRecord
  activity: ActivityRecord
  dependency: DependencyRecord
  review: ReviewRecord
  checkSuite: CheckSuiteRecord
  checkRun: CheckRunRecord
  status: StatusRecord
  deployment: DeploymentRecord
  deploymentStatus: DeploymentStatusRecord
  release: ReleaseRecord
  workflow: WorkflowRecord
  workflowRun: WorkflowRunRecord
  job: JobRecord
  refIntent: RefIntentRecord
  trigger: TriggerRecord
}
