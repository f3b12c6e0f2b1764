import type { JobRecord, WorkflowRecord, WorkflowRunRecord } from '../code-records.ts'
import type { JsonObject, World } from '../contract.ts'
import { userById } from '../people.ts'
import type { RepositoryRecord } from '../records.ts'
import { pullsAt } from './check.ts'
import { repositoryPage, repositoryUrl, repositoryView } from './repository.ts'
import { nodeId, userView } from './user.ts'

/** The workflow of a run. Throws when it is gone: runs keep theirs. */
export function workflowOf(world: World, run: WorkflowRunRecord): WorkflowRecord {
  const workflow = world.store.get('workflow', run.workflowId)
  if (workflow === undefined) throw new Error(`the run ${run.id} has no workflow`)
  return workflow
}

/** GitHub's `workflow`. */
export function workflowView(world: World, repository: RepositoryRecord, workflow: WorkflowRecord): JsonObject {
  const page = repositoryPage(world, repository)
  return {
    id: workflow.id,
    node_id: nodeId('Workflow', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    created_at: workflow.createdAt,
    updated_at: workflow.updatedAt,
    url: `${repositoryUrl(world, repository)}/actions/workflows/${workflow.id}`,
    html_url: `${page}/blob/${repository.defaultBranch}/${workflow.path}`,
    badge_url: `${page}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  }
}

/** GitHub's `workflow-run`. */
export function runView(world: World, repository: RepositoryRecord, run: WorkflowRunRecord): JsonObject {
  const address = repositoryUrl(world, repository)
  const url = `${address}/actions/runs/${run.id}`
  const suite = world.store.get('checkSuite', run.suiteId)
  if (suite === undefined) throw new Error(`the run ${run.id} has no check suite`)
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WorkflowRun', run.id),
    check_suite_id: run.suiteId,
    check_suite_node_id: nodeId('CheckSuite', run.suiteId),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: workflowOf(world, run).path,
    display_title: run.title,
    run_number: run.number,
    run_attempt: run.attempt,
    referenced_workflows: [],
    event: run.trigger.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    url,
    html_url: `${repositoryPage(world, repository)}/actions/runs/${run.id}`,
    pull_requests: pullsAt(world, repository, run.headSha),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    actor: userView(world, userById(world.store, run.actorId)),
    triggering_actor: userView(world, userById(world.store, run.triggeringActorId)),
    run_started_at: run.startedAt,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${address}/check-suites/${run.suiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${address}/actions/workflows/${run.workflowId}`,
    head_commit: { ...suite.headCommit },
    repository: repositoryView(world, repository),
    head_repository: repositoryView(world, repository),
  }
}

/** GitHub's `job`. */
export function jobView(world: World, repository: RepositoryRecord, job: JobRecord): JsonObject {
  const run = world.store.get('workflowRun', job.runId)
  if (run === undefined) throw new Error(`the job ${job.id} has no run`)
  const address = repositoryUrl(world, repository)
  const ran = job.startedAt !== null && job.conclusion !== 'skipped'
  return {
    id: job.id,
    run_id: run.id,
    run_url: `${address}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: nodeId('CheckRun', job.id),
    head_sha: run.headSha,
    head_branch: run.headBranch,
    url: `${address}/actions/jobs/${job.id}`,
    html_url: `${repositoryPage(world, repository)}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: job.createdAt,
    started_at: job.startedAt ?? job.createdAt,
    completed_at: job.completedAt,
    name: job.name,
    workflow_name: run.name,
    steps: job.steps.map((step) => ({ ...step })),
    check_run_url: `${address}/check-runs/${job.id}`,
    labels: job.labels,
    runner_id: ran ? 1 : null,
    runner_name: ran ? 'GitHub Actions 1' : null,
    runner_group_id: ran ? 1 : null,
    runner_group_name: ran ? 'GitHub Actions' : null,
  }
}
