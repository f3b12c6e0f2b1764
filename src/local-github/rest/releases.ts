import { answer, invalid, notFound, paged } from '../answers.ts'
import type { ReleaseRecord } from '../code-records.ts'
import type { Answer, Call, Handler, Handlers, JsonObject, World } from '../contract.ts'
import { isRefName } from '../git/ref-name.ts'
import { readRef } from '../git/refs.ts'
import { flag, text } from '../json.ts'
import { moveRefs } from '../ref-moves.ts'
import { findRevision } from '../revisions.ts'
import { releaseView } from '../views/release.ts'

const view = (call: Call, world: World, release: ReleaseRecord): JsonObject =>
  releaseView(world, call.repository, release)

const fault = (field: string, code: 'invalid' | 'already_exists'): Answer =>
  invalid({ resource: 'Release', field, code })

const create: Handler = async (call, world) => {
  const { body, repository } = call
  const tag = text(body['tag_name']) ?? ''
  const draft = flag(body['draft']) ?? false
  if (!isRefName(`refs/tags/${tag}`)) return fault('tag_name', 'invalid')
  if (!draft && published(call, world).some((release) => release.tag === tag))
    return fault('tag_name', 'already_exists')
  const targetCommitish = text(body['target_commitish']) ?? repository.defaultBranch
  const refused = draft ? null : await makeTag(call, world, tag, targetCommitish)
  if (refused !== null) return refused
  const now = world.now()
  const release = world.store.put('release', {
    id: world.id(),
    repositoryId: repository.id,
    tag,
    targetCommitish,
    name: text(body['name']) ?? null,
    body: text(body['body']) ?? null,
    draft,
    prerelease: flag(body['prerelease']) ?? false,
    latest: (text(body['make_latest']) as ReleaseRecord['latest'] | undefined) ?? 'true',
    authorId: call.actor.id,
    createdAt: now,
    updatedAt: now,
    publishedAt: draft ? null : now,
  })
  emit(call, world, release, 'created')
  if (!draft) tellPublished(call, world, release)
  return answer(201, view(call, world, release))
}

/** The tag of a release is made with it, on its target, where there is none. */
async function makeTag(call: Call, world: World, tag: string, target: string): Promise<Answer | null> {
  const name = `refs/tags/${tag}`
  if ((await readRef(world.gitDir(call.repository), name)) !== null) return null
  const found = await findRevision(world, call.repository, target)
  if (!found.ok) return fault('target_commitish', 'invalid')
  const written = await moveRefs(world, call, [{ name, before: null, after: found.commit.sha }])
  return written.ok ? null : fault('tag_name', 'already_exists')
}

const update: Handler = async (call, world) => {
  const before = find(call, world)
  if (before === undefined) return notFound()
  const { body } = call
  const draft = flag(body['draft']) ?? before.draft
  const tag = text(body['tag_name']) ?? before.tag
  const targetCommitish = text(body['target_commitish']) ?? before.targetCommitish
  if (!isRefName(`refs/tags/${tag}`)) return fault('tag_name', 'invalid')
  const refused = draft ? null : await makeTag(call, world, tag, targetCommitish)
  if (refused !== null) return refused
  const now = world.now()
  const isPublished = before.draft && !draft
  const release = world.store.put('release', {
    ...before,
    tag,
    targetCommitish,
    name: body['name'] === undefined ? before.name : (text(body['name']) ?? null),
    body: body['body'] === undefined ? before.body : (text(body['body']) ?? null),
    draft,
    prerelease: flag(body['prerelease']) ?? before.prerelease,
    latest: (text(body['make_latest']) as ReleaseRecord['latest'] | undefined) ?? before.latest,
    updatedAt: now,
    publishedAt: isPublished ? now : before.publishedAt,
  })
  if (isPublished) tellPublished(call, world, release)
  else emit(call, world, release, 'edited', { changes: changesOf(before, release) })
  return answer(200, view(call, world, release))
}

function changesOf(before: ReleaseRecord, after: ReleaseRecord): JsonObject {
  return {
    ...(before.name === after.name ? {} : { name: { from: before.name ?? '' } }),
    ...(before.body === after.body ? {} : { body: { from: before.body ?? '' } }),
  }
}

function tellPublished(call: Call, world: World, release: ReleaseRecord): void {
  emit(call, world, release, 'published')
  if (!release.prerelease) emit(call, world, release, 'released')
}

function emit(
  call: Call,
  world: World,
  release: ReleaseRecord,
  action: 'created' | 'published' | 'released' | 'edited',
  more: JsonObject = {},
): void {
  const { repository, actor, byWorkflow } = call
  const payload = { release: view(call, world, release), ...more }
  world.emit({ event: 'release', action, repository, sender: actor, byWorkflow, payload })
}

function find(call: Call, world: World): ReleaseRecord | undefined {
  const release = world.store.get('release', call.number('release_id'))
  return release?.repositoryId === call.repository.id ? release : undefined
}

const published = (call: Call, world: World): ReleaseRecord[] =>
  world.store.list('release', call.repository.id).filter(({ draft }) => !draft)

const list: Handler = (call, world) =>
  paged(call, world.store.list('release', call.repository.id).toReversed(), (release) => view(call, world, release))

const get: Handler = (call, world) => {
  const release = find(call, world)
  return release === undefined ? notFound() : answer(200, view(call, world, release))
}

const getByTag: Handler = (call, world) => {
  const release = published(call, world).find(({ tag }) => tag === call.text('tag'))
  return release === undefined ? notFound() : answer(200, view(call, world, release))
}

/** The newest that is meant to be the latest: no draft, no prerelease. */
const getLatest: Handler = (call, world) => {
  const fitting = published(call, world).filter(({ prerelease, latest }) => !prerelease && latest !== 'false')
  const release = fitting.at(-1)
  return release === undefined ? notFound() : answer(200, view(call, world, release))
}

export const releases: Handlers = {
  'repos/create-release': create,
  'repos/update-release': update,
  'repos/list-releases': list,
  'repos/get-release': get,
  'repos/get-release-by-tag': getByTag,
  'repos/get-latest-release': getLatest,
}
