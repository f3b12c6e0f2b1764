import { answer, notFound, refuse } from '../answers.ts'
import type { Call, Handler, Handlers, Json, JsonObject, World } from '../contract.ts'
import { createCommit, readCommit } from '../git/commits.ts'
import type { NewTreeEntry, Tag, TreeEntry } from '../git/contract.ts'
import { createTree } from '../git/new-tree.ts'
import { createBlob, createTag, readBlob, readObjectType, readTag } from '../git/objects.ts'
import { isRefName } from '../git/ref-name.ts'
import { resolveCommit } from '../git/refs.ts'
import { listTree } from '../git/trees.ts'
import { list, object, text, texts } from '../json.ts'
import { signatureFrom } from '../signatures.ts'
import { gitCommitView, objectNodeId } from '../views/commit.ts'
import { repositoryUrl } from '../views/repository.ts'

const MOST_ENTRIES = 100_000

const urlOf = (call: Call, world: World): string => `${repositoryUrl(world, call.repository)}/git`

const getCommit: Handler = async (call, world) => {
  const commit = await readCommit(world.gitDir(call.repository), call.text('commit_sha'))
  return commit === null ? notFound() : answer(200, gitCommitView(world, call.repository, commit))
}

const makeCommit: Handler = async (call, world) => {
  const { body, repository } = call
  const directory = world.gitDir(repository)
  const sha = await createCommit(directory, {
    message: text(body['message']) ?? '',
    tree: text(body['tree']) ?? '',
    parents: texts(body['parents']) ?? [],
    author: signatureFrom(world, call.actor, body['author'] ?? body['committer']),
    committer: signatureFrom(world, call.actor, body['committer'] ?? body['author']),
  })
  if (sha === null) return refuse(422, 'Tree SHA does not exist, or a parent is no commit')
  const commit = await readCommit(directory, sha)
  if (commit === null) throw new Error(`${sha} is not there after it was made`)
  return answer(201, gitCommitView(world, repository, commit))
}

function treeView(call: Call, world: World, sha: string, entries: TreeEntry[]): JsonObject {
  const url = urlOf(call, world)
  return {
    sha,
    url: `${url}/trees/${sha}`,
    truncated: entries.length > MOST_ENTRIES,
    tree: entries.slice(0, MOST_ENTRIES).map(({ path, mode, type, sha: entry, size }) => ({
      path,
      mode,
      type,
      sha: entry,
      ...(size === null ? {} : { size }),
      url: `${url}/${type}s/${entry}`,
    })),
  }
}

const getTree: Handler = async (call, world) => {
  const directory = world.gitDir(call.repository)
  const named = call.text('tree_sha')
  const recursive = call.query['recursive'] !== undefined
  const commit = (await readObjectType(directory, named)) === null ? await resolveCommit(directory, named) : named
  const entries = commit === null ? null : await listTree(directory, commit, recursive)
  return entries === null ? notFound() : answer(200, treeView(call, world, commit ?? named, entries))
}

const makeTree: Handler = async (call, world) => {
  const directory = world.gitDir(call.repository)
  const entries = (list(call.body['tree']) ?? []).map(entryIn)
  const base = text(call.body['base_tree']) ?? null
  if (entries.includes(null)) return refuse(422, 'tree.path and tree.mode must be given, and tree.sha or tree.content')
  const made = await createTree(
    directory,
    base,
    entries.filter((entry) => entry !== null),
  )
  if (!made.ok) return refuse(422, made.message)
  const written = (await listTree(directory, made.sha, false)) ?? []
  return answer(201, treeView(call, world, made.sha, written))
}

function entryIn(value: Json): NewTreeEntry | null {
  const given = object(value)
  const path = text(given?.['path'])
  const mode = text(given?.['mode'] ?? '100644') as TreeEntry['mode']
  if (given === undefined || path === undefined) return null
  const content = text(given['content'])
  if (content !== undefined) return { path, mode, content }
  return given['sha'] === undefined ? null : { path, mode, sha: text(given['sha']) ?? null }
}

const getBlob: Handler = async (call, world) => {
  const sha = call.text('file_sha')
  const content = await readBlob(world.gitDir(call.repository), sha)
  if (content === null) return notFound()
  if (call.accept.includes('.raw')) {
    return { status: 200, body: content.toString(), contentType: 'application/vnd.github.raw+json; charset=utf-8' }
  }
  return answer(200, {
    sha,
    node_id: objectNodeId('Blob', sha),
    size: content.length,
    url: `${urlOf(call, world)}/blobs/${sha}`,
    content: content.toString('base64'),
    encoding: 'base64',
  })
}

const makeBlob: Handler = async (call, world) => {
  const encoding = text(call.body['encoding']) === 'base64' ? 'base64' : 'utf8'
  const content = Buffer.from(text(call.body['content']) ?? '', encoding)
  const sha = await createBlob(world.gitDir(call.repository), content)
  return answer(201, { sha, url: `${urlOf(call, world)}/blobs/${sha}` })
}

function tagView(call: Call, world: World, tag: Tag): JsonObject {
  const url = urlOf(call, world)
  const { sha, type } = tag.target
  return {
    sha: tag.sha,
    node_id: objectNodeId('Tag', tag.sha),
    url: `${url}/tags/${tag.sha}`,
    tag: tag.name,
    message: tag.message,
    tagger: tag.tagger === null ? { name: '', email: '', date: '' } : { ...tag.tagger },
    object: { sha, type, url: `${url}/${type}s/${sha}` },
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  }
}

const getTag: Handler = async (call, world) => {
  const tag = await readTag(world.gitDir(call.repository), call.text('tag_sha'))
  return tag === null ? notFound() : answer(200, tagView(call, world, tag))
}

const makeTag: Handler = async (call, world) => {
  const directory = world.gitDir(call.repository)
  const name = text(call.body['tag']) ?? ''
  if (!isRefName(`refs/tags/${name}`)) return refuse(422, `'${name}' is not a well-formed tag name`)
  const sha = await createTag(directory, {
    name,
    message: text(call.body['message']) ?? '',
    tagger: signatureFrom(world, call.actor, call.body['tagger']),
    target: text(call.body['object']) ?? '',
  })
  const tag = sha === null ? null : await readTag(directory, sha)
  return tag === null ? refuse(422, 'Object does not exist') : answer(201, tagView(call, world, tag))
}

export const gitObjects: Handlers = {
  'git/get-commit': getCommit,
  'git/create-commit': makeCommit,
  'git/get-tree': getTree,
  'git/create-tree': makeTree,
  'git/get-blob': getBlob,
  'git/create-blob': makeBlob,
  'git/get-tag': getTag,
  'git/create-tag': makeTag,
}
