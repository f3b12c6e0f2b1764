import type { AnnotationRecord, CheckRunRecord, CheckSuiteRecord } from '../code-records.ts'
import type { JsonObject, World } from '../contract.ts'
import { openPulls } from '../pulls.ts'
import type { AppRecord, RepositoryRecord } from '../records.ts'
import { latestRuns } from '../requirements.ts'
import { appView } from './app.ts'
import { deploymentView } from './deployment.ts'
import { minimalPullView } from './pull.ts'
import { repositoryPage, repositoryUrl, repositoryView } from './repository.ts'
import { nodeId } from './user.ts'

function appOf(world: World, id: number): AppRecord {
  const app = world.store.get('app', id)
  if (app === undefined) throw new Error(`no app has the id ${id}`)
  return app
}

/** The open pull requests whose head a commit is. */
export function pullsAt(world: World, repository: RepositoryRecord, headSha: string): JsonObject[] {
  const here = openPulls(world, repository).filter(({ pull }) => pull.headSha === headSha)
  return here.map((both) => minimalPullView(world, repository, both))
}

/** GitHub's `check-run`; `suite` is what it shows of its suite. */
function runView(world: World, repository: RepositoryRecord, run: CheckRunRecord, suite: JsonObject): JsonObject {
  const url = `${repositoryUrl(world, repository)}/check-runs/${run.id}`
  const page = `${repositoryPage(world, repository)}/runs/${run.id}`
  const deploymentId = world.store.get('job', run.id)?.deploymentId ?? null
  const deployment = deploymentId === null ? undefined : world.store.get('deployment', deploymentId)
  return {
    id: run.id,
    node_id: nodeId('CheckRun', run.id),
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: suite,
    app: appView(world, appOf(world, run.appId)),
    pull_requests: pullsAt(world, repository, run.headSha),
    ...(deployment === undefined ? {} : { deployment: deploymentView(world, repository, deployment) }),
  }
}

export function checkRunView(world: World, repository: RepositoryRecord, run: CheckRunRecord): JsonObject {
  return runView(world, repository, run, { id: run.suiteId })
}

/** As webhooks show it, with more of its suite. */
export function checkRunEventView(world: World, repository: RepositoryRecord, run: CheckRunRecord): JsonObject {
  const suite = world.store.get('checkSuite', run.suiteId)
  if (suite === undefined) throw new Error(`the check run ${run.id} has no suite`)
  return runView(world, repository, run, suiteCore(world, repository, suite))
}

function suiteCore(world: World, repository: RepositoryRecord, suite: CheckSuiteRecord): JsonObject {
  return {
    id: suite.id,
    node_id: nodeId('CheckSuite', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: suite.status,
    conclusion: suite.conclusion,
    url: `${repositoryUrl(world, repository)}/check-suites/${suite.id}`,
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullsAt(world, repository, suite.headSha),
    app: appView(world, appOf(world, suite.appId)),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
  }
}

/** GitHub's `check-suite`. */
export function checkSuiteView(world: World, repository: RepositoryRecord, suite: CheckSuiteRecord): JsonObject {
  const runs = world.store.list('checkRun', repository.id).filter(({ suiteId }) => suiteId === suite.id)
  return {
    ...suiteCore(world, repository, suite),
    repository: repositoryView(world, repository),
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: latestRuns(runs).length,
    check_runs_url: `${repositoryUrl(world, repository)}/check-suites/${suite.id}/check-runs`,
    head_commit: { ...suite.headCommit },
  }
}

/** GitHub's `check-annotation`. */
export function annotationView(
  world: World,
  repository: RepositoryRecord,
  run: CheckRunRecord,
  annotation: AnnotationRecord,
): JsonObject {
  return {
    ...annotation,
    start_column: annotation.start_column ?? null,
    end_column: annotation.end_column ?? null,
    title: annotation.title ?? '',
    raw_details: annotation.raw_details ?? '',
    blob_href: `${repositoryPage(world, repository)}/blob/${run.headSha}/${annotation.path}`,
  }
}
