import { roleOf } from '../access.ts'
import { answer, notFound, refuse } from '../answers.ts'
import type { Handler, Handlers } from '../contract.ts'
import { saveIssue, recordEvent } from '../issues.ts'
import { texts } from '../json.ts'
import { userById, userByLogin } from '../people.ts'
import { emitPull, pullById } from '../pulls.ts'
import { simplePullView } from '../views/pull.ts'
import { userView } from '../views/user.ts'
import { findPull } from './find-pull.ts'

const request: Handler = (call, world) => {
  const both = findPull(call, world)
  if (both === undefined) return notFound()
  const { repository } = call
  const users = (texts(call.body['reviewers']) ?? []).map((login) => userByLogin(world.store, login))
  const known = users.filter((user) => user !== undefined)
  const strangers = known.filter(({ id }) => {
    const owned = repository.ownerId === id || world.store.get('collaborator', `${repository.id}/${id}`) !== undefined
    return !owned && (!repository.private || roleOf(world.store, repository, id) === 'none')
  })
  if (known.length < users.length || strangers.length > 0 || (texts(call.body['team_reviewers']) ?? []).length > 0) {
    return refuse(
      422,
      'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator.',
    )
  }
  if (known.some(({ id }) => id === both.issue.authorId)) {
    return refuse(422, 'Review cannot be requested from pull request author.')
  }
  for (const user of known) {
    const { pull } = pullById(world, both.pull.id)
    if (pull.requestedReviewerIds.includes(user.id)) continue
    world.store.put('pull', { ...pull, requestedReviewerIds: [...pull.requestedReviewerIds, user.id] })
    const issue = saveIssue(world, pullById(world, pull.id).issue)
    recordEvent(world, call, issue, { event: 'review_requested', subjectUserId: user.id })
    emitPull(world, call, pull.id, 'review_requested', { requested_reviewer: userView(world, user) })
  }
  return answer(201, simplePullView(world, repository, pullById(world, both.pull.id)))
}

const list: Handler = (call, world) => {
  const both = findPull(call, world)
  if (both === undefined) return notFound()
  const users = both.pull.requestedReviewerIds.map((id) => userView(world, userById(world.store, id)))
  return answer(200, { users, teams: [] })
}

export const reviewers: Handlers = {
  'pulls/request-reviewers': request,
  'pulls/list-requested-reviewers': list,
}
