/*
 * Which operations of GitHub's REST API the local GitHub answers, and what each asks of its caller. The operation ids are
 * those of GitHub's OpenAPI description; scripts/extract-openapi.ts takes exactly these from it.
 *
 * App permissions are from "Permissions required for GitHub Apps", roles from "Repository roles for an organization"
 * (docs.github.com).
 */

/** Repository roles in growing order. */
export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const
export type Role = (typeof ROLES)[number]

/**
 * `app`: a JWT. `installation`: an installation token, whatever it may do. `anyone`: no credentials needed. `person`: a
 * personal token. `repository`: something that may see the repository and has one of `permissions` (an app) or at least
 * `role` (a person). `organization`: the same for an organization, whose members are the persons.
 */
export type Access =
  | { kind: 'app' | 'installation' | 'anyone' | 'person' }
  | { kind: 'repository'; role: Role; permissions: Permission[] }
  | { kind: 'organization'; permissions: Permission[] }

/** `issues:write`; write includes read. */
export type Permission = `${string}:${'read' | 'write'}`

const inRepository = (role: Role, ...permissions: Permission[]): Access => ({ kind: 'repository', role, permissions })
const inOrganization = (...permissions: Permission[]): Access => ({ kind: 'organization', permissions })
const app: Access = { kind: 'app' }
const installation: Access = { kind: 'installation' }
const anyone: Access = { kind: 'anyone' }
const person: Access = { kind: 'person' }

const metadata = inRepository('read', 'metadata:read')
const readCode = inRepository('read', 'contents:read')
const writeCode = inRepository('write', 'contents:write')
const readTalk = inRepository('read', 'issues:read', 'pull_requests:read')
const joinTalk = inRepository('read', 'issues:write', 'pull_requests:write')
const sortTalk = inRepository('triage', 'issues:write', 'pull_requests:write')
const readPulls = inRepository('read', 'pull_requests:read')
const joinPulls = inRepository('read', 'pull_requests:write')
const writePulls = inRepository('write', 'pull_requests:write')
const readChecks = inRepository('read', 'checks:read')
const writeChecks = inRepository('write', 'checks:write')
const readStatuses = inRepository('read', 'statuses:read')
const readDeployments = inRepository('read', 'deployments:read')
const writeDeployments = inRepository('write', 'deployments:write')
const readActions = inRepository('read', 'actions:read')
const writeActions = inRepository('write', 'actions:write')
const readMembers = inOrganization('members:read')

const OPERATIONS = {
  'meta/root': anyone,
  'meta/get-zen': anyone,
  'rate-limit/get': anyone,

  'apps/get-authenticated': app,
  'apps/get-by-slug': anyone,
  'apps/get-webhook-config-for-app': app,
  'apps/list-webhook-deliveries': app,
  'apps/get-webhook-delivery': app,
  'apps/redeliver-webhook-delivery': app,
  'apps/list-installations': app,
  'apps/get-installation': app,
  'apps/get-repo-installation': app,
  'apps/get-org-installation': app,
  'apps/get-user-installation': app,
  'apps/create-installation-access-token': app,
  'apps/revoke-installation-access-token': installation,
  'apps/list-repos-accessible-to-installation': installation,

  'users/get-authenticated': person,
  'users/get-by-username': anyone,
  'teams/get-by-name': readMembers,
  'teams/get-membership-for-user-in-org': readMembers,
  'teams/list-members-in-org': readMembers,

  'repos/get': metadata,
  'repos/get-branch': readCode,
  'repos/list-branches': readCode,
  'repos/list-tags': readCode,
  'repos/list-activities': readCode,
  'repos/list-commits': readCode,
  'repos/get-commit': readCode,
  'repos/compare-commits-with-basehead': readCode,
  'repos/list-pull-requests-associated-with-commit': readPulls,
  'repos/get-content': readCode,
  'repos/create-or-update-file-contents': writeCode,
  'repos/merge': writeCode,
  'repos/get-branch-rules': metadata,
  'repos/get-repo-rulesets': metadata,
  'repos/get-repo-ruleset': metadata,
  'repos/get-branch-protection': inRepository('admin', 'administration:read'),
  'repos/get-status-checks-protection': inRepository('admin', 'administration:read'),
  'repos/get-collaborator-permission-level': metadata,
  'repos/list-collaborators': inRepository('write', 'metadata:read'),
  'repos/check-collaborator': metadata,
  'repos/list-teams': inRepository('admin', 'administration:read'),
  'repos/create-commit-status': inRepository('write', 'statuses:write'),
  'repos/get-combined-status-for-ref': readStatuses,
  'repos/list-commit-statuses-for-ref': readStatuses,
  'repos/create-deployment': writeDeployments,
  'repos/list-deployments': readDeployments,
  'repos/get-deployment': readDeployments,
  'repos/create-deployment-status': writeDeployments,
  'repos/list-deployment-statuses': readDeployments,
  'repos/get-deployment-status': readDeployments,
  'repos/create-release': writeCode,
  'repos/update-release': writeCode,
  'repos/list-releases': readCode,
  'repos/get-release': readCode,
  'repos/get-latest-release': readCode,
  'repos/get-release-by-tag': readCode,
  'dependency-graph/diff-range': readCode,

  'git/get-ref': readCode,
  'git/list-matching-refs': readCode,
  'git/create-ref': writeCode,
  'git/update-ref': writeCode,
  'git/delete-ref': writeCode,
  'git/get-commit': readCode,
  'git/create-commit': writeCode,
  'git/get-tree': readCode,
  'git/create-tree': writeCode,
  'git/get-blob': readCode,
  'git/create-blob': writeCode,
  'git/get-tag': readCode,
  'git/create-tag': writeCode,

  'issues/get': readTalk,
  // A person may edit an own issue or comment without the role; the handlers of these two ask further.
  'issues/update': joinTalk,
  'issues/create': inRepository('read', 'issues:write'),
  'issues/list-for-repo': readTalk,
  'issues/list-events': readTalk,
  'issues/list-events-for-timeline': readTalk,
  'issues/list-comments': readTalk,
  'issues/list-comments-for-repo': readTalk,
  'issues/create-comment': joinTalk,
  'issues/get-comment': readTalk,
  'issues/update-comment': joinTalk,
  'issues/delete-comment': joinTalk,
  'issues/list-labels-on-issue': readTalk,
  'issues/add-labels': sortTalk,
  'issues/set-labels': sortTalk,
  'issues/remove-label': sortTalk,
  'issues/remove-all-labels': sortTalk,
  'issues/add-assignees': sortTalk,
  'issues/create-label': inRepository('write', 'issues:write', 'pull_requests:write'),
  'issues/get-label': readTalk,
  'issues/list-labels-for-repo': readTalk,

  'reactions/create-for-issue': joinTalk,
  'reactions/list-for-issue': readTalk,
  'reactions/create-for-issue-comment': joinTalk,
  'reactions/list-for-issue-comment': readTalk,

  'pulls/list': readPulls,
  'pulls/get': readPulls,
  'pulls/create': inRepository('read', 'pull_requests:write'),
  'pulls/update': joinPulls,
  'pulls/merge': writeCode,
  'pulls/check-if-merged': inRepository('read', 'contents:read'),
  'pulls/list-files': readPulls,
  'pulls/list-commits': readPulls,
  'pulls/update-branch': writePulls,
  'pulls/list-reviews': readPulls,
  'pulls/get-review': readPulls,
  'pulls/create-review': joinPulls,
  'pulls/dismiss-review': writePulls,
  'pulls/request-reviewers': writePulls,
  'pulls/list-requested-reviewers': readPulls,

  'checks/create': writeChecks,
  'checks/update': writeChecks,
  'checks/get': readChecks,
  'checks/list-annotations': readChecks,
  'checks/list-for-ref': readChecks,
  'checks/list-for-suite': readChecks,
  'checks/list-suites-for-ref': readChecks,
  'checks/get-suite': readChecks,
  'checks/create-suite': writeChecks,
  'checks/rerequest-run': writeChecks,
  'checks/rerequest-suite': writeChecks,

  'actions/list-repo-workflows': readActions,
  'actions/get-workflow': readActions,
  'actions/create-workflow-dispatch': writeActions,
  'actions/list-workflow-runs-for-repo': readActions,
  'actions/list-workflow-runs': readActions,
  'actions/get-workflow-run': readActions,
  'actions/list-jobs-for-workflow-run': readActions,
  'actions/get-job-for-workflow-run': readActions,
  'actions/download-job-logs-for-workflow-run': readActions,
  'actions/cancel-workflow-run': writeActions,
  'actions/re-run-workflow': writeActions,
  'actions/re-run-workflow-failed-jobs': writeActions,
  'actions/re-run-job-for-workflow-run': writeActions,
} satisfies Record<string, Access>

export type OperationId = keyof typeof OPERATIONS

export const OPERATION_IDS: readonly string[] = Object.keys(OPERATIONS)

/** What an operation asks of its caller. */
export function accessTo(operation: OperationId): Access {
  return OPERATIONS[operation]
}
