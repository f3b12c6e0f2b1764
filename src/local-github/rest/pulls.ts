import { answer, notFound, paged } from '../answers.ts'
import type { Call, Handler, Handlers, World } from '../contract.ts'
import { diffText } from '../git/diff.ts'
import { mergeBase } from '../git/compare.ts'
import { text } from '../json.ts'
import { pulls as allPulls } from '../pulls.ts'
import { settleMergeability } from '../trial-merge.ts'
import { pullView, simplePullView, type Pull } from '../views/pull.ts'
import { plain } from './commits.ts'
import { createPull } from './create-pull.ts'
import { findPull } from './find-pull.ts'
import { updatePull } from './update-pull.ts'

const get: Handler = async (call, world) => {
  const both = findPull(call, world)
  if (both === undefined) return notFound()
  const { issue, pull } = both
  if (call.accept.includes('.diff')) {
    const directory = world.gitDir(call.repository)
    const base = await mergeBase(directory, pull.baseSha, pull.headSha)
    return plain(await diffText(directory, base, pull.headSha))
  }
  // After a push to the base GitHub makes the trial merge again only when somebody asks.
  if (issue.state === 'open' && pull.mergeable === null) settleMergeability(world, call.repository, pull.id)
  return answer(200, pullView(world, call.repository, both))
}

const list: Handler = (call, world) => {
  const shown = allPulls(world, call.repository).filter((both) => isWanted(call, both))
  return paged(call, sorted(call, shown), (both) => simplePullView(world, call.repository, both))
}

function isWanted(call: Call, { issue, pull }: Pull): boolean {
  const state = text(call.query['state']) ?? 'open'
  const base = text(call.query['base'])
  const head = text(call.query['head'])
  const [owner = '', branch] = (head ?? '').split(/:(.*)/s)
  const isOwn = owner.toLowerCase() === call.repository.fullName.split('/')[0]?.toLowerCase()
  return (
    (state === 'all' || issue.state === state) &&
    (base === undefined || pull.baseRef === base) &&
    // GitHub ignores a head without its owner.
    (branch === undefined || (isOwn && pull.headRef === branch))
  )
}

function sorted(call: Call, shown: Pull[]): Pull[] {
  const sort = text(call.query['sort']) ?? 'created'
  const direction = text(call.query['direction']) ?? (sort === 'created' ? 'desc' : 'asc')
  const ascending = shown.toSorted(({ issue: one }, { issue: other }) => {
    const byTime = sort === 'updated' ? one.updatedAt.localeCompare(other.updatedAt) : 0
    return byTime === 0 ? one.number - other.number : byTime
  })
  return direction === 'desc' ? ascending.toReversed() : ascending
}

const checkIfMerged: Handler = (call, world: World) => {
  return findPull(call, world)?.pull.merged === true ? answer(204) : notFound()
}

export const pulls: Handlers = {
  'pulls/get': get,
  'pulls/list': list,
  'pulls/create': createPull,
  'pulls/update': updatePull,
  'pulls/check-if-merged': checkIfMerged,
}
