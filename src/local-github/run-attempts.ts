import { emitCheckRun } from './check-suites.ts'
import type { WorkflowRunRecord } from './code-records.ts'
import type { World } from './contract.ts'
import type { RepositoryRecord, UserRecord } from './records.ts'
import { setSuite } from './workflow-reports.ts'
import { deedOfRun, emitJob, emitRun } from './workflow-webhooks.ts'

/** Runs all jobs of a completed run again, as its next attempt. It begins to run on its webhook. */
export function rerun(world: World, repository: RepositoryRecord, run: WorkflowRunRecord, by: UserRecord): void {
  nextAttempt(world, repository, run, by.id)
}

/**
 * Begins a run that its server's death interrupted anew. Its unfinished check runs are replaced in the same moment, so
 * that nobody sees a time without them.
 */
export function resume(world: World, repository: RepositoryRecord, run: WorkflowRunRecord): void {
  const unfinished = world.store
    .list('job', repository.id)
    .filter((job) => job.runId === run.id && job.attempt === run.attempt && job.status !== 'completed')
  const attempt = run.attempt + 1
  const now = world.now()
  const next = { ...run, attempt }
  for (const job of unfinished) {
    const check = world.store.get('checkRun', job.id)
    if (check === undefined) continue
    const over = { status: 'completed', conclusion: 'cancelled', completedAt: now } as const
    world.store.put('job', { ...job, ...over })
    world.store.put('checkRun', { ...check, ...over })
    const fresh = { id: world.id(), status: 'queued', conclusion: null, startedAt: null, completedAt: null } as const
    const again = world.store.put('job', { ...job, ...fresh, attempt, createdAt: now, steps: [], deploymentId: null })
    const shown = world.store.put('checkRun', { ...check, ...fresh, startedAt: now, annotations: [] })
    emitCheckRun(world, deedOfRun(world, repository, next), shown, 'created')
    emitJob(world, repository, next, again, 'queued')
  }
  nextAttempt(world, repository, run, run.triggeringActorId)
}

function nextAttempt(world: World, repository: RepositoryRecord, run: WorkflowRunRecord, by: number): void {
  const now = world.now()
  const again = world.store.put('workflowRun', {
    ...run,
    status: 'queued',
    conclusion: null,
    attempt: run.attempt + 1,
    triggeringActorId: by,
    updatedAt: now,
    startedAt: now,
  })
  setSuite(world, repository, again)
  emitRun(world, repository, again, 'requested')
}
