import { answer, paged, refuse } from '../answers.ts'
import type { StatusRecord } from '../code-records.ts'
import type { Call, Handler, Handlers, JsonObject, World } from '../contract.ts'
import { readCommit } from '../git/commits.ts'
import { git } from '../git/process.ts'
import { text } from '../json.ts'
import { userById } from '../people.ts'
import { findRevision } from '../revisions.ts'
import { commitView } from '../views/commit.ts'
import { repositoryUrl, repositoryView } from '../views/repository.ts'
import { nodeId, userView } from '../views/user.ts'

const MOST_BRANCHES = 10

function statusView(call: Call, world: World, status: StatusRecord): JsonObject {
  const creator = userView(world, userById(world.store, status.creatorId))
  return {
    url: `${repositoryUrl(world, call.repository)}/statuses/${status.sha}`,
    avatar_url: creator['avatar_url'] ?? null,
    id: status.id,
    node_id: nodeId('Status', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator,
  }
}

const create: Handler = async (call, world) => {
  const { repository, body } = call
  const sha = call.text('sha')
  const directory = world.gitDir(repository)
  const commit = await readCommit(directory, sha)
  if (commit === null) return refuse(422, `No commit found for SHA: ${sha}`)
  const heads = await git(directory, [
    'for-each-ref',
    '--format=%(refname:lstrip=2)',
    `--points-at=${sha}`,
    'refs/heads',
  ])
  const branches = heads.toString().split('\n').filter(Boolean).slice(0, MOST_BRANCHES)
  const status = world.store.put('status', {
    id: world.id(),
    repositoryId: repository.id,
    sha,
    context: text(body['context']) ?? 'default',
    state: text(body['state']) as StatusRecord['state'],
    targetUrl: text(body['target_url']) ?? null,
    description: text(body['description']) ?? null,
    creatorId: call.actor.id,
    createdAt: world.now(),
  })
  const view = statusView(call, world, status)
  const link = { sha, url: `${repositoryUrl(world, repository)}/commits/${sha}` }
  const payload: JsonObject = {
    ...view,
    sha,
    name: repository.fullName,
    commit: commitView(world, repository, commit),
    branches: branches.map((name) => ({ name, commit: link, protected: false })),
  }
  const { actor, byWorkflow } = call
  world.emit({ event: 'status', repository, sender: actor, byWorkflow, payload })
  return answer(201, view)
}

const listForRef: Handler = async (call, world) => {
  const found = await findRevision(world, call.repository, call.text('ref'))
  if (!found.ok) return found.answer
  return paged(call, statusesOf(call, world, found.commit.sha), (status) => statusView(call, world, status))
}

/** All statuses of a commit, newest first. */
function statusesOf(call: Call, world: World, sha: string): StatusRecord[] {
  return world.store
    .list('status', call.repository.id)
    .filter((status) => status.sha === sha)
    .toReversed()
}

const combined: Handler = async (call, world) => {
  const { repository } = call
  const found = await findRevision(world, repository, call.text('ref'))
  if (!found.ok) return found.answer
  const { sha } = found.commit
  const all = statusesOf(call, world, sha)
  const latest = all.filter((status) => all.find(({ context }) => context === status.context) === status)
  const states = latest.map(({ state }) => state)
  const isFailed = states.includes('failure') || states.includes('error')
  const isOpen = states.length === 0 || states.includes('pending')
  const url = repositoryUrl(world, repository)
  const { body, ...page } = paged(call, latest, (status) => statusView(call, world, status))
  return {
    ...page,
    body: {
      state: isFailed ? 'failure' : isOpen ? 'pending' : 'success',
      statuses: body ?? [],
      sha,
      total_count: latest.length,
      repository: repositoryView(world, repository),
      commit_url: `${url}/commits/${sha}`,
      url: `${url}/commits/${sha}/status`,
    },
  }
}

export const statuses: Handlers = {
  'repos/create-commit-status': create,
  'repos/list-commit-statuses-for-ref': listForRef,
  'repos/get-combined-status-for-ref': combined,
}
