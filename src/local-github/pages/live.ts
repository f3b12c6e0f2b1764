import { latestStatus } from '../deployments.ts'
import type { World } from '../contract.ts'
import type { RepositoryRecord } from '../records.ts'

/** An app may still have something to say for a while after the last thing that happened. */
const QUIET_MS = 5 * 60 * 1000
const UNFINISHED = new Set(['queued', 'pending', 'in_progress'])

/** True while something of a repository is open, runs, or happened just now: then a page has more to show soon. */
export function isLive(world: World, repository: RepositoryRecord): boolean {
  const { store } = world
  const since = new Date(Date.now() - QUIET_MS).toISOString()
  return (
    store.list('issue', repository.id).some((issue) => issue.state === 'open' || issue.updatedAt >= since) ||
    store.list('workflowRun', repository.id).some(({ status }) => status !== 'completed') ||
    store.list('checkRun', repository.id).some(({ status }) => status !== 'completed') ||
    store.list('deployment', repository.id).some((deployment) => {
      return UNFINISHED.has(latestStatus(world, deployment)?.state ?? 'pending')
    })
  )
}
