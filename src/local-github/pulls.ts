import type { PullRecord } from './code-records.ts'
import type { JsonObject, World } from './contract.ts'
import type { RepositoryRecord, UserRecord } from './records.ts'
import type { Pull } from './views/pull.ts'
import { pullView } from './views/pull.ts'

/** Who does something, and whether with a workflow's own token. */
export interface Who {
  user: UserRecord
  byWorkflow: boolean
}

export function pullByNumber(world: World, repository: RepositoryRecord, number: number): Pull | undefined {
  return pulls(world, repository).find(({ issue }) => issue.number === number)
}

/** Both halves of every pull request of a repository, oldest first. */
export function pulls(world: World, repository: RepositoryRecord): Pull[] {
  return world.store.list('pull', repository.id).map((pull) => withIssue(world, pull))
}

export function openPulls(world: World, repository: RepositoryRecord): Pull[] {
  return pulls(world, repository).filter(({ issue }) => issue.state === 'open')
}

export function withIssue(world: World, pull: PullRecord): Pull {
  const issue = world.store.get('issue', pull.id)
  if (issue === undefined) throw new Error(`the pull request ${pull.id} has no issue`)
  return { issue, pull }
}

export type PullAction =
  | 'opened'
  | 'synchronize'
  | 'closed'
  | 'reopened'
  | 'edited'
  | 'labeled'
  | 'unlabeled'
  | 'assigned'
  | 'ready_for_review'
  | 'converted_to_draft'
  | 'review_requested'

/** Tells of something about a pull request as it stands in the store now. */
export function emitPull(
  world: World,
  repository: RepositoryRecord,
  who: Who,
  pullId: number,
  action: PullAction,
  more: JsonObject = {},
): void {
  const record = world.store.get('pull', pullId)
  if (record === undefined) throw new Error(`no pull request has the id ${pullId}`)
  const both = withIssue(world, record)
  world.emit({
    event: 'pull_request',
    action,
    repository,
    sender: who.user,
    payload: { number: both.issue.number, pull_request: pullView(world, repository, both), ...more },
    byWorkflow: who.byWorkflow,
  })
}
