import { answer, paged, refuse } from '../answers.ts'
import type { Call, Handler, Handlers, JsonObject, World } from '../contract.ts'
import { readCommits } from '../git/commits.ts'
import type { Ref } from '../git/contract.ts'
import { listRefs, readRef } from '../git/refs.ts'
import { protectionOf } from '../requirements.ts'
import { commitView, objectNodeId } from '../views/commit.ts'
import { repositoryPage, repositoryUrl } from '../views/repository.ts'

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

export const branches: Handlers = {
  'repos/get-branch': get,
  'repos/list-branches': list,
  'repos/list-tags': listTags,
}
