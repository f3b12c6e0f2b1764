import { actionsApp } from './apps.ts'
import type { JobRecord, WorkflowRunRecord } from './code-records.ts'
import type { Deed, World } from './contract.ts'
import { userById } from './people.ts'
import type { RepositoryRecord } from './records.ts'
import { jobView, runView, workflowOf, workflowView } from './views/workflow.ts'

/** What a run does, it does for whoever asked for it, through the app github-actions. */
export function deedOfRun(world: World, repository: RepositoryRecord, run: WorkflowRunRecord): Deed {
  const actor = userById(world.store, run.triggeringActorId)
  return { repository, actor, viaApp: actionsApp(world), byWorkflow: true }
}

export function emitRun(
  world: World,
  repository: RepositoryRecord,
  run: WorkflowRunRecord,
  action: 'requested' | 'in_progress' | 'completed',
): void {
  const { actor } = deedOfRun(world, repository, run)
  const payload = {
    workflow_run: runView(world, repository, run),
    workflow: workflowView(world, repository, workflowOf(world, run)),
  }
  // The one event of a run that other workflows may listen to.
  world.emit({ event: 'workflow_run', action, repository, sender: actor, byWorkflow: false, payload })
}

export function emitJob(
  world: World,
  repository: RepositoryRecord,
  run: WorkflowRunRecord,
  job: JobRecord,
  action: 'queued' | 'in_progress' | 'completed',
): void {
  const { actor } = deedOfRun(world, repository, run)
  const payload = { workflow_job: jobView(world, repository, job) }
  world.emit({ event: 'workflow_job', action, repository, sender: actor, byWorkflow: true, payload })
}
