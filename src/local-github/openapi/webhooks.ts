/** The webhooks that the local GitHub sends: GitHub's event names with their actions; none where an event has no action. */
const WEBHOOKS = {
  ping: [],
  installation: ['created', 'deleted'],
  installation_repositories: ['added', 'removed'],
  repository: ['created'],
  issues: ['opened', 'edited', 'labeled', 'unlabeled', 'assigned', 'closed', 'reopened'],
  issue_comment: ['created', 'edited', 'deleted'],
  label: ['created'],
  pull_request: [
    'opened',
    'synchronize',
    'closed',
    'reopened',
    'edited',
    'labeled',
    'unlabeled',
    'assigned',
    'ready_for_review',
    'converted_to_draft',
    'review_requested',
  ],
  pull_request_review: ['submitted', 'dismissed'],
  push: [],
  create: [],
  delete: [],
  check_suite: ['requested', 'rerequested', 'completed'],
  check_run: ['created', 'completed', 'rerequested'],
  workflow_run: ['requested', 'in_progress', 'completed'],
  workflow_job: ['queued', 'in_progress', 'completed'],
  workflow_dispatch: [],
  status: [],
  deployment: ['created'],
  deployment_status: ['created'],
  release: ['created', 'published', 'released', 'edited'],
} as const

export type EventName = keyof typeof WEBHOOKS

/** Names of the webhooks in GitHub's description: `issue-comment-created`, `push`. */
export function webhookKey(event: string, action: string | undefined): string {
  return [event, ...(action === undefined ? [] : [action])].join('-').replaceAll('_', '-')
}

export const WEBHOOK_KEYS: readonly string[] = Object.entries(WEBHOOKS).flatMap(([event, actions]) =>
  actions.length === 0 ? [webhookKey(event, undefined)] : actions.map((action) => webhookKey(event, action)),
)
