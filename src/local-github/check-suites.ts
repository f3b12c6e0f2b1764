import { grants } from './access.ts'
import type { CheckConclusion, CheckRunRecord, CheckStatus, CheckSuiteRecord, CommitSummary } from './code-records.ts'
import type { Deed, World } from './contract.ts'
import { installationOn } from './emit.ts'
import type { Move } from './moved-refs.ts'
import type { RepositoryRecord } from './records.ts'
import { latestRuns } from './requirements.ts'
import { summarise } from './views/commit.ts'
import { checkRunEventView, checkSuiteView } from './views/check.ts'

/** The suite of an app on a commit; a workflow run's suite is its own and not found here. */
export function suiteOf(
  world: World,
  repository: RepositoryRecord,
  appId: number,
  headSha: string,
): CheckSuiteRecord | undefined {
  const suites = world.store.list('checkSuite', repository.id)
  return suites.find((suite) => suite.appId === appId && suite.headSha === headSha && suite.runId === null)
}

export function newSuite(
  world: World,
  repository: RepositoryRecord,
  given: {
    appId: number
    headCommit: CommitSummary
    headBranch: string | null
    before: string | null
    runId: number | null
  },
): CheckSuiteRecord {
  const now = world.now()
  return world.store.put('checkSuite', {
    id: world.id(),
    repositoryId: repository.id,
    headSha: given.headCommit.id,
    status: 'queued',
    conclusion: null,
    createdAt: now,
    updatedAt: now,
    ...given,
  })
}

/** After a push GitHub makes a suite for every app that may write checks, and asks the app to run it. */
export function requestSuite(world: World, deed: Deed, { name, before, head }: Move): void {
  const { repository } = deed
  const app = world.store.get('app', world.app.id)
  if (head === null || app === undefined || installationOn(world, repository) === undefined) return
  if (!grants(app.permissions, 'checks:write') || suiteOf(world, repository, app.id, head.sha) !== undefined) return
  const headBranch = name.slice('refs/heads/'.length)
  const suite = newSuite(world, repository, {
    appId: app.id,
    headCommit: summarise(head),
    headBranch,
    before,
    runId: null,
  })
  emitSuite(world, deed, suite, 'requested')
}

export function emitSuite(
  world: World,
  deed: Deed,
  suite: CheckSuiteRecord,
  action: 'requested' | 'rerequested' | 'completed',
): void {
  const payload = { check_suite: checkSuiteView(world, deed.repository, suite) }
  const { repository, actor } = deed
  // Suites of workflow runs start no workflows.
  const byWorkflow = deed.byWorkflow || suite.runId !== null
  world.emit({ event: 'check_suite', action, repository, sender: actor, byWorkflow, payload })
}

export function emitCheckRun(
  world: World,
  deed: Deed,
  run: CheckRunRecord,
  action: 'created' | 'completed' | 'rerequested',
): void {
  const payload = { check_run: checkRunEventView(world, deed.repository, run) }
  const { repository, actor, byWorkflow } = deed
  world.emit({ event: 'check_run', action, repository, sender: actor, byWorkflow, payload })
}

/** Folds the newest check runs of an app's suite into it, and tells when all have completed. */
export function settleSuite(world: World, deed: Deed, suiteId: number): void {
  const suite = world.store.get('checkSuite', suiteId)
  if (suite === undefined) throw new Error(`no check suite has the id ${suiteId}`)
  const all = world.store.list('checkRun', deed.repository.id).filter((run) => run.suiteId === suiteId)
  const runs = latestRuns(all)
  const status = foldStatus(runs)
  const conclusion = status === 'completed' ? foldConclusion(runs) : null
  if (status === suite.status && conclusion === suite.conclusion) return
  const settled = world.store.put('checkSuite', { ...suite, status, conclusion, updatedAt: world.now() })
  if (status === 'completed') emitSuite(world, deed, settled, 'completed')
}

function foldStatus(runs: CheckRunRecord[]): CheckStatus {
  if (runs.length > 0 && runs.every(({ status }) => status === 'completed')) return 'completed'
  return runs.some(({ status }) => status !== 'queued') ? 'in_progress' : 'queued'
}

const WORST: CheckConclusion[] = [
  'failure',
  'startup_failure',
  'timed_out',
  'action_required',
  'cancelled',
  'stale',
  'success',
  'neutral',
  'skipped',
]

function foldConclusion(runs: CheckRunRecord[]): CheckConclusion {
  return WORST.find((conclusion) => runs.some((run) => run.conclusion === conclusion)) ?? 'success'
}
