import { setTimeout as sleep } from 'node:timers/promises'
import type { Person } from './people.ts'

const LOOK_MS = 150

type Report = { state: 'success' | 'failure'; description: string }

/**
 * A release bot: it reports a deployment that nobody else reports, so that a rehearsal does not wait for somebody who is
 * not there. Where a workflow of the repository reacts to deployments it reports how that ended; where none does, success.
 */
export function releaseBot(person: Person, repo: string, listens: boolean): { stop(): Promise<void> } {
  const [owner = '', name = ''] = repo.split('/')
  const at = { owner, repo: name }
  const { octokit } = person
  const done = new Set<number>()
  let stopped = false

  const reportFor = async (sha: string): Promise<Report | null> => {
    if (!listens) return { state: 'success', description: 'reported by the rehearsal: no workflow deploys' }
    const { data } = await octokit.actions.listWorkflowRunsForRepo({ ...at, head_sha: sha, event: 'deployment' })
    const [run] = data.workflow_runs
    if (run?.status !== 'completed') return null
    if (run.conclusion === 'success')
      return { state: 'success', description: 'reported by the rehearsal: the workflow succeeded' }
    return { state: 'failure', description: `the deploy workflow ended as ${run.conclusion ?? 'nothing'}` }
  }
  const look = async () => {
    const { data } = await octokit.repos.listDeployments({ ...at, per_page: 10 })
    for (const { id, sha } of data.filter((each) => !done.has(each.id))) {
      const report = await reportFor(sha)
      if (!report) continue
      done.add(id)
      const { data: statuses } = await octokit.repos.listDeploymentStatuses({ ...at, deployment_id: id, per_page: 1 })
      const reported = ['success', 'failure', 'error', 'inactive'].includes(statuses[0]?.state ?? '')
      if (!reported) await octokit.repos.createDeploymentStatus({ ...at, deployment_id: id, ...report })
    }
  }
  const looking = (async () => {
    while (!stopped) {
      await look()
      await sleep(LOOK_MS)
    }
  })()
  // `stop()` hears of it; until then a failure must not end the process.
  looking.catch(() => {})
  return {
    async stop() {
      stopped = true
      await looking
    },
  }
}
