/** Events that can start a workflow. */
export const eventNames = [
  'branch_protection_rule',
  'check_run',
  'check_suite',
  'create',
  'delete',
  'deployment',
  'deployment_status',
  'discussion',
  'discussion_comment',
  'fork',
  'gollum',
  'image_version',
  'issue_comment',
  'issues',
  'label',
  'merge_group',
  'milestone',
  'page_build',
  'project',
  'project_card',
  'project_column',
  'public',
  'pull_request',
  'pull_request_comment',
  'pull_request_review',
  'pull_request_review_comment',
  'pull_request_target',
  'push',
  'registry_package',
  'release',
  'repository_dispatch',
  'schedule',
  'status',
  'watch',
  'workflow_call',
  'workflow_dispatch',
  'workflow_run',
]

const pullRequestTypes = ['opened', 'synchronize', 'reopened']

/** Actions that start a workflow which names no `types`; null stands for all. */
export function defaultTypes(event: string): string[] | null {
  return event === 'pull_request' || event === 'pull_request_target' ? pullRequestTypes : null
}
