import type { JsonObject, World } from '../contract.ts'
import { userById } from '../people.ts'
import type { ReactionRecord } from '../records.ts'
import { nodeId, userView } from './user.ts'

export const CONTENTS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const

export function reactionsTo(world: World, subject: { id: number; repositoryId: number }): ReactionRecord[] {
  return world.store.list('reaction', subject.repositoryId).filter(({ subjectId }) => subjectId === subject.id)
}

/** GitHub's `reaction-rollup`. `url` is that of the issue or comment. */
export function rollup(world: World, subject: { id: number; repositoryId: number }, url: string): JsonObject {
  const reactions = reactionsTo(world, subject)
  const counts = CONTENTS.map((each) => [each, reactions.filter(({ content }) => content === each).length])
  return { url: `${url}/reactions`, total_count: reactions.length, ...Object.fromEntries(counts) }
}

export function reactionView(world: World, reaction: ReactionRecord): JsonObject {
  return {
    id: reaction.id,
    node_id: nodeId('Reaction', reaction.id),
    user: userView(world, userById(world.store, reaction.userId)),
    content: reaction.content,
    created_at: reaction.createdAt,
  }
}
