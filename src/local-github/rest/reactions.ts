import { answer, invalid, notFound, paged } from '../answers.ts'
import type { Answer, Call, Handler, Handlers, World } from '../contract.ts'
import { CONTENTS, reactionsTo, reactionView } from '../views/reactions.ts'
import { findComment } from './comments.ts'
import { findIssue } from './issues.ts'

interface Subject {
  id: number
  repositoryId: number
}

/** The same reaction of the same person again is the one that is there. */
function react(call: Call, world: World, subject: Subject | undefined): Answer {
  if (subject === undefined) return notFound()
  const content = CONTENTS.find((each) => each === call.body['content'])
  if (content === undefined) return invalid({ resource: 'Reaction', field: 'content', code: 'invalid' })
  const known = reactionsTo(world, subject).find((each) => each.userId === call.actor.id && each.content === content)
  if (known !== undefined) return answer(200, reactionView(world, known))
  const reaction = world.store.put('reaction', {
    id: world.id(),
    repositoryId: subject.repositoryId,
    subjectId: subject.id,
    userId: call.actor.id,
    content,
    createdAt: world.now(),
  })
  return answer(201, reactionView(world, reaction))
}

function list(call: Call, world: World, subject: Subject | undefined): Answer {
  if (subject === undefined) return notFound()
  const wanted = call.query['content']
  const found = reactionsTo(world, subject).filter(({ content }) => wanted === undefined || content === wanted)
  return paged(call, found, (reaction) => reactionView(world, reaction))
}

const onIssue: Handler = (call, world) => react(call, world, findIssue(call, world))
const ofIssue: Handler = (call, world) => list(call, world, findIssue(call, world))
const onComment: Handler = (call, world) => react(call, world, findComment(call, world)?.comment)
const ofComment: Handler = (call, world) => list(call, world, findComment(call, world)?.comment)

export const reactions: Handlers = {
  'reactions/create-for-issue': onIssue,
  'reactions/list-for-issue': ofIssue,
  'reactions/create-for-issue-comment': onComment,
  'reactions/list-for-issue-comment': ofComment,
}
