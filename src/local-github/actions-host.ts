import { join } from 'node:path'

import type { Permissions, RunRequest } from './actions/contract.ts'
import { reapOrphans } from './actions/orphans.ts'
import { createRunner } from './actions/runner.ts'
import { actionsApp } from './apps.ts'
import type { TriggerRecord, WorkflowRunRecord } from './code-records.ts'
import type { Part, World } from './contract.ts'
import { userById } from './people.ts'
import type { RepositoryRecord } from './records.ts'
import { resume } from './run-attempts.ts'
import { forgetRun, noteRun } from './running-runs.ts'
import { noteTrigger, startWorkflows } from './start-workflows.ts'
import { issueInstallationToken } from './tokens.ts'
import { workflowOf } from './views/workflow.ts'
import { takeReport } from './workflow-reports.ts'

const TOKEN_LIFETIME_MS = 24 * 60 * 60 * 1000

/** GitHub's permissive default for what a job's token may do. */
const EVERYTHING = [
  'actions',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'issues',
  'packages',
  'pages',
  'pull_requests',
  'security_events',
  'statuses',
]

/** The folder of an attempt of a run: logs and artifacts. */
export function runFolder(world: World, runId: number, attempt: number): string {
  return join(world.data, 'runs', `${runId}-${attempt}`)
}

/** Starts workflows on what happens and executes their runs; takes up what the last process left undone. */
export async function startActions(world: World): Promise<Part> {
  const runner = createRunner({ jobs: world.jobs })
  await reapOrphans(join(world.data, 'runs'))
  let closing = false

  const start = (trigger: TriggerRecord): void => {
    world.background(async () => {
      await startWorkflows(world, trigger)
    })
  }

  const execute = (run: WorkflowRunRecord, repository: RepositoryRecord): void => {
    world.background(async () => {
      const signal = noteRun(world, run.id)
      try {
        await runner.run(requestOf(world, repository, run, signal, () => closing))
      } catch (error) {
        if (!closing) fail(world, run)
        throw error
      } finally {
        forgetRun(world, run.id)
      }
    })
  }

  world.listen((happening) => {
    const trigger = noteTrigger(world, happening)
    if (trigger !== null) start(trigger)
    if (happening.event !== 'workflow_run' || happening.action !== 'requested') return
    const shown = happening.complete['workflow_run'] as { id: number }
    const run = world.store.get('workflowRun', shown.id)
    if (run?.status === 'queued') execute(run, happening.repository)
  })

  for (const trigger of world.store.list('trigger')) start(trigger)
  for (const run of world.store.list('workflowRun')) {
    const repository = world.store.get('repository', run.repositoryId)
    if (run.status !== 'completed' && repository !== undefined) resume(world, repository, run)
  }

  return {
    idle: () => runner.idle(),
    async close() {
      // What is cut off now is begun anew at the next start, so its end is not reported.
      closing = true
      await runner.close()
    },
  }
}

/** A run that could not be executed at all must not stay open for ever. */
function fail(world: World, { id, attempt, name }: WorkflowRunRecord): void {
  const at = new Date().toISOString()
  const end = { status: 'completed', conclusion: 'startup_failure', name, title: null, error: null, at } as const
  takeReport(world, id, attempt, { kind: 'run', ...end })
}

function requestOf(
  world: World,
  repository: RepositoryRecord,
  run: WorkflowRunRecord,
  signal: AbortSignal,
  isClosing: () => boolean,
): RunRequest {
  const { event: name, payload, ref, sha, changedFiles, headRef, baseRef } = run.trigger
  const settings = (kind: 'secret' | 'variable'): Record<string, string> =>
    Object.fromEntries(world.store.list(kind, repository.id).map((setting) => [setting.name, setting.value]))
  return {
    event: { name, payload, ref, sha, changedFiles },
    workflowPath: workflowOf(world, run).path,
    repository: world.gitDir(repository),
    fullName: repository.fullName,
    defaultBranch: repository.defaultBranch,
    actor: userById(world.store, run.actorId).login,
    headRef,
    baseRef,
    runId: run.id,
    runNumber: run.number,
    runAttempt: run.attempt,
    serverUrl: world.url,
    apiUrl: world.apiUrl,
    graphqlUrl: `${world.url}/api/graphql`,
    token: async (job) => tokenFor(world, repository, job.permissions),
    secrets: settings('secret'),
    vars: settings('variable'),
    workDirectory: runFolder(world, run.id, run.attempt),
    signal,
    report(report) {
      if (!isClosing()) takeReport(world, run.id, run.attempt, report)
    },
  }
}

/** A GITHUB_TOKEN: an installation token of github-actions for this repository. */
function tokenFor(world: World, repository: RepositoryRecord, asked: Permissions | null): string {
  const all = asked === null ? 'write' : (asked['*'] ?? 'none')
  const granted = [...EVERYTHING.map((name) => [name, all]), ...namesOf(asked)].filter(([, level]) => level !== 'none')
  const permissions = { ...Object.fromEntries(granted), metadata: 'read' } as Record<string, string>
  const grant = { appId: actionsApp(world).id, installationId: null, repositoryIds: [repository.id], permissions }
  return issueInstallationToken(world.store, grant, TOKEN_LIFETIME_MS).token
}

/** A workflow writes `pull-requests` where an app has `pull_requests`. */
function namesOf(asked: Permissions | null): string[][] {
  const given = Object.entries(asked ?? {}).filter(([name]) => name !== '*')
  return given.map(([name, level]) => [name.replaceAll('-', '_'), level])
}
