import { answer, paged, refuse } from '../answers.ts'
import type { ActivityRecord } from '../activity-record.ts'
import type { Call, Handler, Handlers, JsonObject, World } from '../contract.ts'
import { readCommits } from '../git/commits.ts'
import type { Ref } from '../git/contract.ts'
import { listRefs, readRef } from '../git/refs.ts'
import { text } from '../json.ts'
import { userById } from '../people.ts'
import { protectionOf } from '../requirements.ts'
import { commitView, objectNodeId } from '../views/commit.ts'
import { repositoryPage, repositoryUrl } from '../views/repository.ts'
import { nodeId, userView } from '../views/user.ts'

const get: Handler = async (call, world) => {
  const { repository } = call
  const name = call.text('branch')
  const directory = world.gitDir(repository)
  const ref = await readRef(directory, `refs/heads/${name}`)
  const [commit] = ref === null ? [] : await readCommits(directory, [ref.sha])
  if (commit === undefined) return refuse(404, 'Branch not found')
  const path = name.split('/').map(encodeURIComponent).join('/')
  return answer(200, {
    name,
    commit: commitView(world, repository, commit),
    _links: {
      self: `${repositoryUrl(world, repository)}/branches/${path}`,
      html: `${repositoryPage(world, repository)}/tree/${path}`,
    },
    ...protectionOfBranch(call, world, name),
  })
}

function protectionOfBranch(call: Call, world: World, name: string): JsonObject {
  const protection = protectionOf(world, call.repository, name)
  const checks = protection?.requiredChecks ?? []
  return {
    protected: protection !== undefined,
    protection: {
      enabled: protection !== undefined,
      required_status_checks: {
        enforcement_level: checks.length === 0 ? 'off' : 'everyone',
        contexts: checks,
        checks: checks.map((context) => ({ context, app_id: null })),
      },
    },
    protection_url: `${repositoryUrl(world, call.repository)}/branches/${encodeURIComponent(name)}/protection`,
  }
}

const list: Handler = async (call, world) => {
  const refs = await listRefs(world.gitDir(call.repository), 'refs/heads/')
  const named = refs.map((ref) => ({ ref, name: ref.name.slice('refs/heads/'.length) }))
  const wanted = call.query['protected']
  const shown = named.filter(({ name }) => {
    return wanted === undefined || wanted === (protectionOf(world, call.repository, name) !== undefined)
  })
  return paged(call, shown, ({ ref, name }) => ({
    name,
    commit: commitLink(call, world, ref),
    ...protectionOfBranch(call, world, name),
  }))
}

const listTags: Handler = async (call, world) => {
  const { repository } = call
  const refs = await listRefs(world.gitDir(repository), 'refs/tags/')
  return paged(call, refs.toReversed(), (ref) => {
    const name = ref.name.slice('refs/tags/'.length)
    return {
      name,
      node_id: objectNodeId('Ref', ref.name),
      commit: commitLink(call, world, ref),
      zipball_url: `${repositoryUrl(world, repository)}/zipball/${ref.name}`,
      tarball_url: `${repositoryUrl(world, repository)}/tarball/${ref.name}`,
    }
  })
}

function commitLink(call: Call, world: World, ref: Ref): JsonObject {
  return { sha: ref.peeled, url: `${repositoryUrl(world, call.repository)}/commits/${ref.peeled}` }
}

const NOWHERE = '0'.repeat(40)

/** "List repository activities", newest first; GitHub pages it by cursors, and a page is enough here. */
const activities: Handler = (call, world) => {
  const wanted = text(call.query['ref'])
  const all = world.store.list('activity', call.repository.id).toReversed()
  const named = all.filter(({ ref }) => wanted === undefined || ref === wanted || ref === `refs/heads/${wanted}`)
  return answer(
    200,
    named.slice(0, Number(call.query['per_page'] ?? 30)).map((each) => ({
      id: each.id,
      node_id: nodeId('PushLog', each.id),
      before: each.before ?? NOWHERE,
      after: each.after ?? NOWHERE,
      ref: each.ref,
      timestamp: each.at,
      activity_type: activityType(each),
      actor: userView(world, userById(world.store, each.actorId)),
    })),
  )
}

function activityType({ before, after, forced, merge }: ActivityRecord): string {
  if (after === null) return 'branch_deletion'
  if (before === null) return 'branch_creation'
  return merge ? 'pr_merge' : forced ? 'force_push' : 'push'
}

export const branches: Handlers = {
  'repos/get-branch': get,
  'repos/list-branches': list,
  'repos/list-tags': listTags,
  'repos/list-activities': activities,
}
