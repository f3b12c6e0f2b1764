import { expecting } from './answers.ts'
import type { RepositoryConnection } from './client.ts'

export type DeploymentRecord = { id: number; sha: string; codename: string | null }

/** The states after which nothing more comes ("List deployment statuses"); `inactive` is a success that was replaced. */
const FINAL = new Set(['success', 'failure', 'error', 'inactive'])

export async function createDeployment(
  at: RepositoryConnection,
  wanted: { sha: string; environment: string; description: string; codename: string; reason: string },
): Promise<{ ok: true; id: number } | { ok: false; message: string }> {
  const answer = await expecting([409, 422], () =>
    at.octokit.repos.createDeployment({
      owner: at.owner,
      repo: at.repo,
      ref: wanted.sha,
      task: 'pawl',
      // The gates of Pawl have judged this commit by its checks; GitHub must neither merge into it nor judge it again.
      auto_merge: false,
      required_contexts: [],
      environment: wanted.environment,
      description: wanted.description,
      payload: { codename: wanted.codename, reason: wanted.reason },
    }),
  )
  if (!answer.ok) return { ok: false, message: answer.message }
  const { data } = answer.value
  return 'id' in data ? { ok: true, id: data.id } : { ok: false, message: data.message ?? 'GitHub did not say why' }
}

/** Deployments to an environment, newest first; of one commit when `sha` is given. */
export async function listDeployments(
  at: RepositoryConnection,
  environment: string,
  sha?: string,
): Promise<DeploymentRecord[]> {
  const { data } = await at.octokit.repos.listDeployments({
    owner: at.owner,
    repo: at.repo,
    environment,
    ...(sha === undefined ? {} : { sha }),
    per_page: 30,
  })
  return data.map((each) => ({ id: each.id, sha: each.sha, codename: codenameIn(each.payload) }))
}

/** A payload is whatever its creator wrote: an object, or text that holds one. */
function codenameIn(payload: unknown): string | null {
  if (typeof payload === 'string') {
    try {
      return codenameIn(JSON.parse(payload))
    } catch {
      return null
    }
  }
  if (typeof payload !== 'object' || payload === null || !('codename' in payload)) return null
  return typeof payload.codename === 'string' ? payload.codename : null
}

/** The newest state of a deployment, and whether it is final; `pending` when nobody has reported yet. */
export async function deploymentState(
  at: RepositoryConnection,
  id: number,
): Promise<{ state: string; final: boolean; unheard: boolean; description: string; url: string | null }> {
  const { data } = await at.octokit.repos.listDeploymentStatuses({
    owner: at.owner,
    repo: at.repo,
    deployment_id: id,
    per_page: 1,
  })
  const newest = data[0]
  if (!newest) return { state: 'pending', final: false, unheard: true, description: '', url: null }
  return {
    state: newest.state,
    final: FINAL.has(newest.state),
    unheard: false,
    description: newest.description,
    url: newest.environment_url || null,
  }
}
