import type { JsonObject, World } from '../contract.ts'
import { userById } from '../people.ts'
import type { IssueEventRecord } from '../records.ts'
import { viaAppView } from './app.ts'
import { repositoryOf } from './issue.ts'
import { repositoryUrl } from './repository.ts'
import { nodeId, userView } from './user.ts'

/** One of GitHub's issue events, as the list of events and the timeline show it. */
export function issueEventView(world: World, event: IssueEventRecord): JsonObject {
  const url = repositoryUrl(world, repositoryOf(world, event))
  const { commitSha, label, rename, subjectUserId } = event
  const actor = userView(world, userById(world.store, event.actorId))
  return {
    id: event.id,
    node_id: nodeId('IssueEvent', event.id),
    url: `${url}/issues/events/${event.id}`,
    actor,
    event: event.event,
    commit_id: commitSha ?? null,
    commit_url: commitSha === undefined ? null : `${url}/commits/${commitSha}`,
    created_at: event.createdAt,
    performed_via_github_app: viaAppView(world, event.viaAppId),
    ...(label === undefined ? {} : { label: { ...label } }),
    ...(rename === undefined ? {} : { rename: { ...rename } }),
    ...(subjectUserId === undefined ? {} : subject(world, event, actor, subjectUserId)),
  }
}

function subject(world: World, { event }: IssueEventRecord, actor: JsonObject, userId: number): JsonObject {
  const user = userView(world, userById(world.store, userId))
  return event === 'review_requested'
    ? { review_requester: actor, requested_reviewer: user }
    : { assignee: user, assigner: actor }
}
