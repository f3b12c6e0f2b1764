import { answer, notFound, paged, refuse } from '../answers.ts'
import type { ReviewRecord, ReviewState } from '../code-records.ts'
import type { Call, Handler, Handlers, JsonObject, World } from '../contract.ts'
import { text } from '../json.ts'
import { pullById } from '../pulls.ts'
import { simplePullView, type Pull } from '../views/pull.ts'
import { reviewView } from '../views/review.ts'
import { findPull } from './find-pull.ts'

const STATES: Record<string, ReviewState> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
}

const reviewsOf = (world: World, { pull }: Pull): ReviewRecord[] =>
  world.store.list('review', pull.repositoryId).filter(({ pullId }) => pullId === pull.id)

const viewIn = (call: Call, world: World, { issue }: Pull, review: ReviewRecord): JsonObject =>
  reviewView(world, call.repository, issue.number, review)

const list: Handler = (call, world) => {
  const both = findPull(call, world)
  if (both === undefined) return notFound()
  return paged(call, reviewsOf(world, both), (review) => viewIn(call, world, both, review))
}

const get: Handler = (call, world) => {
  const both = findPull(call, world)
  const review = both && reviewsOf(world, both).find(({ id }) => id === call.number('review_id'))
  return both === undefined || review === undefined ? notFound() : answer(200, viewIn(call, world, both, review))
}

const create: Handler = (call, world) => {
  const both = findPull(call, world)
  if (both === undefined) return notFound()
  const { issue, pull } = both
  const event = text(call.body['event'])
  const body = text(call.body['body']) ?? ''
  if (event !== undefined && event !== 'APPROVE' && body.trim() === '') {
    return refuse(422, 'Unprocessable Entity', ['Body can not be blank'])
  }
  if (issue.authorId === call.actor.id && (event === 'APPROVE' || event === 'REQUEST_CHANGES')) {
    const what = event === 'APPROVE' ? 'approve' : 'request changes on'
    return refuse(422, 'Unprocessable Entity', [`Can not ${what} your own pull request`])
  }
  const review = world.store.put('review', {
    id: world.id(),
    repositoryId: call.repository.id,
    pullId: pull.id,
    userId: call.actor.id,
    state: STATES[event ?? ''] ?? 'PENDING',
    body,
    commitSha: text(call.body['commit_id']) ?? pull.headSha,
    submittedAt: world.now(),
  })
  if (review.state !== 'PENDING') {
    const requestedReviewerIds = pull.requestedReviewerIds.filter((id) => id !== call.actor.id)
    world.store.put('pull', { ...pull, requestedReviewerIds })
    tell(call, world, both, review, 'submitted')
  }
  return answer(200, viewIn(call, world, both, review))
}

const dismiss: Handler = (call, world) => {
  const both = findPull(call, world)
  const review = both && reviewsOf(world, both).find(({ id }) => id === call.number('review_id'))
  if (both === undefined || review === undefined) return notFound()
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED') {
    return refuse(422, 'Unprocessable Entity', ['Can not dismiss a review that is neither an approval nor a rejection'])
  }
  const dismissed = world.store.put('review', { ...review, state: 'DISMISSED' })
  tell(call, world, both, dismissed, 'dismissed')
  return answer(200, viewIn(call, world, both, dismissed))
}

function tell(call: Call, world: World, { pull }: Pull, review: ReviewRecord, action: 'submitted' | 'dismissed'): void {
  const { repository, actor, byWorkflow } = call
  const both = pullById(world, pull.id)
  const view = { ...viewIn(call, world, both, review), state: review.state.toLowerCase() }
  const payload = { review: view, pull_request: simplePullView(world, repository, both) }
  world.emit({ event: 'pull_request_review', action, repository, sender: actor, byWorkflow, payload })
}

export const reviews: Handlers = {
  'pulls/list-reviews': list,
  'pulls/get-review': get,
  'pulls/create-review': create,
  'pulls/dismiss-review': dismiss,
}
