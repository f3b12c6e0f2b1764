import { expecting } from './answers.ts'
import type { RepositoryConnection } from './client.ts'

/** `path` is that of the workflow's file; `createdAt` is ISO 8601. */
export type WorkflowRun = {
  id: number
  attempt: number
  suite: number
  path: string
  event: string
  status: string
  conclusion: string | null
  url: string
  createdAt: string
}

type RunData = {
  id: number
  run_attempt?: number
  check_suite_id?: number
  path: string
  event: string
  status: string | null
  conclusion: string | null
  html_url: string
  created_at: string
}

const asRun = (run: RunData): WorkflowRun => ({
  id: run.id,
  attempt: run.run_attempt ?? 1,
  suite: run.check_suite_id ?? 0,
  path: run.path,
  event: run.event,
  status: run.status ?? 'unknown',
  conclusion: run.conclusion,
  url: run.html_url,
  createdAt: run.created_at,
})

/** The runs of workflows on a commit, newest first. */
export async function workflowRunsOn(at: RepositoryConnection, sha: string): Promise<WorkflowRun[]> {
  const { data } = await at.octokit.actions.listWorkflowRunsForRepo({
    owner: at.owner,
    repo: at.repo,
    head_sha: sha,
    per_page: 100,
  })
  return data.workflow_runs.map(asRun)
}

/** The newest runs that a dispatch started, newest first. */
export async function dispatchedRuns(at: RepositoryConnection): Promise<WorkflowRun[]> {
  const { data } = await at.octokit.actions.listWorkflowRunsForRepo({
    owner: at.owner,
    repo: at.repo,
    event: 'workflow_dispatch',
    per_page: 30,
  })
  return data.workflow_runs.map(asRun)
}

export async function workflowRun(at: RepositoryConnection, id: number): Promise<WorkflowRun> {
  const { data } = await at.octokit.actions.getWorkflowRun({ owner: at.owner, repo: at.repo, run_id: id })
  return asRun(data)
}

/** Asks a run to stop; one that has ended meanwhile answers 409 and needs no stopping. */
export async function cancelRun(at: RepositoryConnection, run: number): Promise<void> {
  await expecting([409], () => at.octokit.actions.cancelWorkflowRun({ owner: at.owner, repo: at.repo, run_id: run }))
}

/** Starts a finished run again as its next attempt; false when GitHub refuses, as it does for one still running. */
export async function rerun(at: RepositoryConnection, run: number): Promise<boolean> {
  const answer = await expecting([403, 409], () =>
    at.octokit.actions.reRunWorkflow({ owner: at.owner, repo: at.repo, run_id: run }),
  )
  return answer.ok
}

/** Starts a workflow by its file name on a branch or tag ("Create a workflow dispatch event"). */
export async function dispatchWorkflow(
  at: RepositoryConnection,
  wanted: { file: string; ref: string; inputs: Record<string, string> },
): Promise<{ ok: true } | { ok: false; message: string }> {
  const answer = await expecting([404, 422], () =>
    at.octokit.actions.createWorkflowDispatch({
      owner: at.owner,
      repo: at.repo,
      workflow_id: wanted.file,
      ref: wanted.ref,
      inputs: wanted.inputs,
    }),
  )
  return answer.ok ? { ok: true } : { ok: false, message: answer.message }
}
