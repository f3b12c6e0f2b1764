import type { WorkflowFile } from './actions/contract.ts'
import { triggeredWorkflows } from './actions/triggers.ts'
import { actionsApp } from './apps.ts'
import { newSuite } from './check-suites.ts'
import type { TriggerRecord, WorkflowRunRecord } from './code-records.ts'
import type { EmittedHappening, World } from './contract.ts'
import { readCommit } from './git/commits.ts'
import { text } from './json.ts'
import type { EventName } from './openapi/webhooks.ts'
import { userById } from './people.ts'
import type { RepositoryRecord, UserRecord } from './records.ts'
import { summarise } from './views/commit.ts'
import { ensureWorkflow, workflowFiles } from './workflow-files.ts'
import { occasionsOf, type Occasion } from './workflow-events.ts'
import { emitRun } from './workflow-webhooks.ts'

/** What can start a workflow; `workflow_dispatch` does it in its own handler. */
const STARTING: ReadonlySet<EventName> = new Set<EventName>([
  'push',
  'create',
  'delete',
  'pull_request',
  'pull_request_review',
  'issues',
  'issue_comment',
  'label',
  'check_run',
  'check_suite',
  'status',
  'deployment',
  'deployment_status',
  'release',
  'workflow_run',
])

/** Writes down what may start workflows; null for what cannot, as whatever a workflow's own token did. */
export function noteTrigger(world: World, happening: EmittedHappening): TriggerRecord | null {
  const { event, repository, sender, complete, byWorkflow } = happening
  if (byWorkflow || !STARTING.has(event)) return null
  // A run that another run started starts no third: files could go round in circles.
  const run = complete['workflow_run']
  if (event === 'workflow_run' && text((run as { event?: string }).event) === 'workflow_run') return null
  const origin = { repositoryId: repository.id, actorId: sender.id }
  return world.store.put('trigger', { id: world.id(), ...origin, event, payload: complete })
}

/** Makes the runs that something starts. They begin to run on their `workflow_run` webhook. */
export async function startWorkflows(world: World, trigger: TriggerRecord): Promise<WorkflowRunRecord[]> {
  const repository = world.store.get('repository', trigger.repositoryId)
  const runs: WorkflowRunRecord[] = []
  if (repository !== undefined) {
    const actor = userById(world.store, trigger.actorId)
    for (const occasion of await occasionsOf(world, repository, trigger)) {
      runs.push(...(await startAt(world, repository, actor, occasion)))
    }
  }
  world.store.remove('trigger', trigger.id)
  return runs
}

/** Comments and checks come often, and most files do not even name them. An invalid file is shown on these two events. */
function mayListen(files: WorkflowFile[], event: string): WorkflowFile[] {
  return event === 'push' || event === 'pull_request' ? files : files.filter(({ text: file }) => file.includes(event))
}

async function startAt(
  world: World,
  repository: RepositoryRecord,
  actor: UserRecord,
  occasion: Occasion,
): Promise<WorkflowRunRecord[]> {
  const directory = world.gitDir(repository)
  const files = await workflowFiles(directory, occasion.sha)
  const { event: name, payload, ref, sha, changedFiles } = occasion
  const triggered = triggeredWorkflows(mayListen(files, name), { name, payload, ref, sha, changedFiles })
  if (triggered.length === 0) return []
  const head = await readCommit(directory, occasion.headSha)
  if (head === null) throw new Error(`${repository.fullName} has no commit ${occasion.headSha} to report on`)
  return triggered.map((found) => {
    const workflow = ensureWorkflow(world, repository, found.path, found.name)
    const id = world.id()
    const place = {
      headCommit: summarise(head),
      headBranch: occasion.headBranch,
      before: text(payload['before']) ?? null,
    }
    const suite = newSuite(world, repository, { appId: actionsApp(world).id, ...place, runId: id })
    const now = world.now()
    const { title, headSha, headBranch, pullNumbers, ...start } = occasion
    const run = world.store.put('workflowRun', {
      id,
      repositoryId: repository.id,
      workflowId: workflow.id,
      suiteId: suite.id,
      name: found.name,
      title: title ?? found.name,
      trigger: start,
      headSha,
      headBranch,
      pullNumbers,
      status: 'queued',
      conclusion: null,
      number: world.store.next(`run number ${workflow.id}`),
      attempt: 1,
      actorId: actor.id,
      triggeringActorId: actor.id,
      createdAt: now,
      updatedAt: now,
      startedAt: now,
    })
    emitRun(world, repository, run, 'requested')
    return run
  })
}
