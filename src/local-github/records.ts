import type { Role } from './openapi/operations.ts'

/*
 * Records that do not depend on commits. `id` is unique over all kinds unless it is a string; people and repositories are
 * referred to by id. Times are ISO 8601.
 */

export interface UserRecord {
  id: number
  login: string
  type: 'User' | 'Bot' | 'Organization'
  createdAt: string
}

/** The app itself, and `github-actions`, whose installation tokens the workflow jobs hold. */
export interface AppRecord {
  id: number
  slug: string
  name: string
  ownerId: number
  botId: number
  permissions: Record<string, string>
  events: string[]
  createdAt: string
}

export interface RepositoryRecord {
  id: number
  ownerId: number
  name: string
  /** `owner/name` */
  fullName: string
  private: boolean
  /** Kept equal to git's HEAD. */
  defaultBranch: string
  createdAt: string
  updatedAt: string
  pushedAt: string
}

/** `id` is `<repositoryId>/<userId>`. */
interface CollaboratorRecord {
  id: string
  repositoryId: number
  userId: number
  role: Role
}

export interface TeamRecord {
  id: number
  organizationId: number
  slug: string
  name: string
  memberIds: number[]
  /** Repository id → role. */
  repositories: Record<string, Role>
}

/** Of the app on one account, for chosen repositories. */
export interface InstallationRecord {
  id: number
  accountId: number
  repositoryIds: number[]
  createdAt: string
  updatedAt: string
}

/** `id` is the SHA-256 of the token. A person's token never expires and may all that the person may. */
export type TokenRecord =
  | { id: string; kind: 'person'; userId: number; token: string }
  | {
      id: string
      kind: 'installation'
      appId: number
      /** Null for a workflow job's token. */
      installationId: number | null
      repositoryIds: number[] | null
      permissions: Record<string, string>
      expiresAt: string
    }

/** An issue, or the issue half of a pull request: `pull` of code-records.ts has the same id. */
export interface IssueRecord {
  id: number
  repositoryId: number
  number: number
  title: string
  body: string | null
  authorId: number
  viaAppId: number | null
  state: 'open' | 'closed'
  stateReason: 'completed' | 'not_planned' | 'duplicate' | 'reopened' | null
  locked: boolean
  /** Labels by id, in the order they were put on. */
  labelIds: number[]
  assigneeIds: number[]
  isPull: boolean
  createdAt: string
  updatedAt: string
  closedAt: string | null
  closedById: number | null
}

export interface CommentRecord {
  id: number
  repositoryId: number
  issueId: number
  body: string
  authorId: number
  viaAppId: number | null
  createdAt: string
  updatedAt: string
}

export interface LabelRecord {
  id: number
  repositoryId: number
  name: string
  /** Six hexadecimal digits. */
  color: string
  description: string | null
}

export interface ReactionRecord {
  id: number
  repositoryId: number
  /** Id of the issue or comment. */
  subjectId: number
  userId: number
  content: '+1' | '-1' | 'laugh' | 'confused' | 'heart' | 'hooray' | 'rocket' | 'eyes'
  createdAt: string
}

/** What the events and the timeline of an issue tell, comments apart. */
export interface IssueEventRecord {
  id: number
  repositoryId: number
  issueId: number
  event:
    | 'labeled'
    | 'unlabeled'
    | 'assigned'
    | 'unassigned'
    | 'closed'
    | 'reopened'
    | 'renamed'
    | 'merged'
    | 'locked'
    | 'unlocked'
    | 'review_requested'
    | 'head_ref_force_pushed'
    | 'ready_for_review'
    | 'convert_to_draft'
  actorId: number
  viaAppId: number | null
  createdAt: string
  label?: { name: string; color: string }
  /** Of assigned, unassigned and review_requested. */
  subjectUserId?: number
  rename?: { from: string; to: string }
  /** Of merged, and of closed by a commit. */
  commitSha?: string
}

/** Classic protection of one branch. */
export interface ProtectionRecord {
  id: number
  repositoryId: number
  branch: string
  requiredChecks: string[]
  /** 0: none are required. */
  requiredReviews: number
}

/** A ruleset on one branch. `pull_request` refuses every change of the branch that is no merge of a pull request. */
export interface RulesetRecord {
  id: number
  repositoryId: number
  name: string
  branch: string
  rules: 'pull_request'[]
  createdAt: string
  updatedAt: string
}

/** A secret or variable for workflows. `id` is `<repositoryId>/<name>`. */
interface SettingRecord {
  id: string
  repositoryId: number
  name: string
  value: string
}

/** A webhook to the app: the outbox until `response` is there, then the log. `payload` is the body as sent. */
export interface DeliveryRecord {
  id: number
  guid: string
  event: string
  action: string | null
  installationId: number
  /** Named so that a delivery is not listed as the repository's own. Null for installation events without one. */
  aboutRepositoryId: number | null
  payload: string
  redelivery: boolean
  /** ISO 8601 with milliseconds. */
  queuedAt: string
  deliveredAt: string | null
  durationMs: number
  requestHeaders: Record<string, string>
  /** Null while it waits. `status` 0: nobody answered, `reason` says why. */
  response: { status: number; reason: string; headers: Record<string, string>; body: string } | null
}

/** Singletons by name: `hook`, whether the app's webhook is on. */
interface SwitchRecord {
  id: string
  on: boolean
}

export interface CoreRecords {
  user: UserRecord
  app: AppRecord
  repository: RepositoryRecord
  collaborator: CollaboratorRecord
  team: TeamRecord
  installation: InstallationRecord
  token: TokenRecord
  issue: IssueRecord
  comment: CommentRecord
  label: LabelRecord
  reaction: ReactionRecord
  issueEvent: IssueEventRecord
  protection: ProtectionRecord
  ruleset: RulesetRecord
  secret: SettingRecord
  variable: SettingRecord
  delivery: DeliveryRecord
  switch: SwitchRecord
}
