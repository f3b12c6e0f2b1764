import { answer, paged, refuse } from '../answers.ts'
import { guardRef } from '../branch-guard.ts'
import type { Answer, Call, Handler, Handlers, JsonObject, World } from '../contract.ts'
import type { Ref, RefChange, RefWritten } from '../git/contract.ts'
import { readObjectType } from '../git/objects.ts'
import { isAncestor, listRefs, readRef } from '../git/refs.ts'
import { flag, text } from '../json.ts'
import { moveRefs } from '../ref-moves.ts'
import { objectNodeId } from '../views/commit.ts'
import { repositoryUrl } from '../views/repository.ts'

function refView(call: Call, world: World, ref: Omit<Ref, 'peeled'>): JsonObject {
  const url = `${repositoryUrl(world, call.repository)}/git`
  const object = { type: ref.type, sha: ref.sha, url: `${url}/${ref.type}s/${ref.sha}` }
  return { ref: ref.name, node_id: objectNodeId('Ref', ref.name), url: `${url}/${ref.name}`, object }
}

const get: Handler = async (call, world) => {
  const ref = await readRef(world.gitDir(call.repository), `refs/${call.text('ref')}`)
  return ref === null ? refuse(404, 'Not Found') : answer(200, refView(call, world, ref))
}

const listMatching: Handler = async (call, world) => {
  const refs = await listRefs(world.gitDir(call.repository), `refs/${call.text('ref')}`)
  return paged(call, refs, (ref) => refView(call, world, ref))
}

const create: Handler = async (call, world) => {
  const name = text(call.body['ref']) ?? ''
  const sha = text(call.body['sha']) ?? ''
  if (!/^refs\/.+\/./.test(name)) {
    return refuse(422, "Reference name must start with 'refs/' and contain at least one more slash.")
  }
  if (name.startsWith('refs/pull/')) return refuse(422, 'Reference cannot be created: refs/pull is read-only')
  const type = await readObjectType(world.gitDir(call.repository), sha)
  if (type === null || (name.startsWith('refs/heads/') && type !== 'commit'))
    return refuse(422, 'Object does not exist')
  const written = await moveRefs(world, call, [{ name, before: null, after: sha }])
  if (written.ok) return answer(201, refView(call, world, { name, sha, type }))
  return written.reason === 'conflict' ? refuse(422, 'Reference already exists') : refuse(422, written.message)
}

const update: Handler = async (call, world) => {
  const directory = world.gitDir(call.repository)
  const sha = text(call.body['sha']) ?? ''
  const name = `refs/${call.text('ref')}`
  const [ref, type] = await Promise.all([readRef(directory, name), readObjectType(directory, sha)])
  if (ref === null || name.startsWith('refs/pull/')) return refuse(422, 'Reference does not exist')
  if (type === null || (name.startsWith('refs/heads/') && type !== 'commit'))
    return refuse(422, 'Object does not exist')
  const forward = type === 'commit' && ref.type === 'commit' && (await isAncestor(directory, ref.sha, sha))
  if (!forward && flag(call.body['force']) !== true) return refuse(422, 'Update is not a fast forward')
  const change = { name, before: ref.sha, after: sha }
  if (ref.sha === sha) return answer(200, refView(call, world, ref))
  const written = await guarded(call, world, { ...change, forced: !forward })
  return written.ok ? answer(200, refView(call, world, { name, sha, type })) : written.answer
}

const remove: Handler = async (call, world) => {
  const { repository } = call
  const name = `refs/${call.text('ref')}`
  const ref = await readRef(world.gitDir(repository), name)
  if (ref === null || name.startsWith('refs/pull/')) return refuse(422, 'Reference does not exist')
  if (name === `refs/heads/${repository.defaultBranch}`) return refuse(422, 'Cannot delete the default branch')
  const written = await guarded(call, world, { name, before: ref.sha, after: null, forced: false })
  return written.ok ? answer(204) : written.answer
}

async function guarded(
  call: Call,
  world: World,
  { forced, ...change }: RefChange & { forced: boolean },
): Promise<{ ok: true } | { ok: false; answer: Answer }> {
  const refusal = guardRef(world, call.repository, { ...change, forced })
  if (refusal !== null) return { ok: false, answer: refuse(422, refusal) }
  const written: RefWritten = await moveRefs(world, call, [change])
  return written.ok
    ? written
    : { ok: false, answer: refuse(written.reason === 'conflict' ? 409 : 422, written.message) }
}

export const gitRefs: Handlers = {
  'git/get-ref': get,
  'git/list-matching-refs': listMatching,
  'git/create-ref': create,
  'git/update-ref': update,
  'git/delete-ref': remove,
}
