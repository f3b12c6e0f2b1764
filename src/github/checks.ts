import type { CheckRun } from '../model.ts'
import { expecting } from './answers.ts'
import type { RepositoryConnection } from './client.ts'

/** Every check run on a commit, newest attempts first told apart by their id. */
export async function checkRunsOn(at: RepositoryConnection, sha: string): Promise<CheckRun[]> {
  const runs = await at.octokit.paginate(at.octokit.checks.listForRef, {
    owner: at.owner,
    repo: at.repo,
    ref: sha,
    per_page: 100,
  })
  return runs.map((run) => ({
    id: run.id,
    name: run.name,
    app: run.app?.slug ?? '',
    suite: run.check_suite?.id ?? 0,
    status: run.status,
    conclusion: run.conclusion,
    startedAt: run.started_at,
    completedAt: run.completed_at,
    url: run.html_url ?? '',
  }))
}

export type CheckAnnotation = {
  path: string
  start_line: number
  end_line: number
  annotation_level: 'notice' | 'warning' | 'failure'
  message: string
  title?: string
}

export type OwnCheck = {
  name: string
  sha: string
  conclusion: 'success' | 'failure'
  title: string
  summary: string
  annotations: CheckAnnotation[]
  externalId: string
}

/** GitHub takes 50 annotations a request. */
const ANNOTATIONS_A_REQUEST = 50

/** Writes Pawl's own verdict on a commit, already concluded; answers the check run's id. */
export async function writeCheck(at: RepositoryConnection, check: OwnCheck): Promise<number> {
  const { data } = await at.octokit.checks.create({
    owner: at.owner,
    repo: at.repo,
    name: check.name,
    head_sha: check.sha,
    status: 'completed',
    conclusion: check.conclusion,
    external_id: check.externalId,
    output: {
      title: check.title,
      summary: check.summary,
      annotations: check.annotations.slice(0, ANNOTATIONS_A_REQUEST),
    },
  })
  return data.id
}

/** Pawl's own check run on a commit, by the id it was given. */
export async function findCheck(
  at: RepositoryConnection,
  sha: string,
  name: string,
  externalId: string,
): Promise<number | null> {
  const { data } = await at.octokit.checks.listForRef({
    owner: at.owner,
    repo: at.repo,
    ref: sha,
    check_name: name,
    filter: 'all',
  })
  return data.check_runs.find((run) => run.external_id === externalId)?.id ?? null
}

/** The log of a failed job of GitHub Actions; its id is that of its check run. `null` when there is none (any more). */
export async function jobLog(at: RepositoryConnection, checkRun: number): Promise<string | null> {
  const answer = await expecting([403, 404, 410], () =>
    at.octokit.actions.downloadJobLogsForWorkflowRun({ owner: at.owner, repo: at.repo, job_id: checkRun }),
  )
  return answer.ok && typeof answer.value.data === 'string' ? answer.value.data : null
}
