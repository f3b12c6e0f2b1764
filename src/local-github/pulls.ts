import type { PullRecord } from './code-records.ts'
import type { Deed, JsonObject, World } from './contract.ts'
import type { RepositoryRecord } from './records.ts'
import type { Pull } from './views/pull.ts'
import { pullView } from './views/pull.ts'

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

/** Both halves of a pull request that some record refers to. Throws when there is none. */
export function pullById(world: World, id: number): Pull {
  const pull = world.store.get('pull', id)
  if (pull === undefined) throw new Error(`no pull request has the id ${id}`)
  return withIssue(world, pull)
}

/** At the start: takes back the issues of pull requests that a kill kept from being made. */
export function dropHalfPulls(world: World): void {
  for (const { id, isPull } of world.store.list('issue')) {
    if (isPull && world.store.get('pull', id) === undefined) world.store.remove('issue', id)
  }
}

function withIssue(world: World, pull: PullRecord): Pull {
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
export function emitPull(world: World, deed: Deed, pullId: number, action: PullAction, more: JsonObject = {}): void {
  const both = pullById(world, pullId)
  world.emit({
    event: 'pull_request',
    action,
    repository: deed.repository,
    sender: deed.actor,
    payload: { number: both.issue.number, pull_request: pullView(world, deed.repository, both), ...more },
    byWorkflow: deed.byWorkflow,
  })
}
