import { answer, notFound, refuse } from '../answers.ts'
import type { Answer, Call, Handler, Handlers, World } from '../contract.ts'
import type { TreeEntry } from '../git/contract.ts'
import { readBlob } from '../git/objects.ts'
import { entryAt, listTree } from '../git/trees.ts'
import { text } from '../json.ts'
import { findRevision } from '../revisions.ts'
import { entryView, inline } from '../views/contents.ts'
import { writeContents } from './write-contents.ts'

const get: Handler = async (call, world) => {
  const { repository, accept } = call
  const ref = text(call.query['ref']) ?? repository.defaultBranch
  const found = await findRevision(world, repository, ref)
  if (!found.ok) {
    return refuse(
      404,
      text(call.query['ref']) === undefined ? 'This repository is empty.' : `No commit found for the ref ${ref}`,
    )
  }
  const directory = world.gitDir(repository)
  const path = call.text('path').replace(/^\/+|\/+$/g, '')
  const entry = await entryAt(directory, found.commit.sha, path)
  if (entry === null) return notFound()
  if (entry.type === 'tree') return folder(call, world, ref, path, entry)
  if (entry.type === 'commit')
    return answer(200, { ...entryView(world, call.repository, ref, path, entry), submodule_git_url: null })
  const content = (await readBlob(directory, entry.sha)) ?? Buffer.alloc(0)
  if (accept.includes('.raw')) {
    return { status: 200, body: content.toString(), contentType: 'application/vnd.github.raw+json; charset=utf-8' }
  }
  const view = entryView(world, call.repository, ref, path, entry)
  if (entry.mode === '120000') return answer(200, { ...view, target: content.toString() })
  return answer(200, { ...view, ...inline(content) })
}

async function folder(call: Call, world: World, ref: string, path: string, entry: TreeEntry): Promise<Answer> {
  const children = (await listTree(world.gitDir(call.repository), entry.sha, false)) ?? []
  const entries = children.map((child) => {
    return entryView(world, call.repository, ref, path === '' ? child.path : `${path}/${child.path}`, child)
  })
  if (!call.accept.includes('.object')) return answer(200, entries)
  const whole = { ...entryView(world, call.repository, ref, path, entry), entries }
  return { status: 200, body: JSON.stringify(whole), contentType: 'application/json; charset=utf-8' }
}

export const contents: Handlers = {
  'repos/get-content': get,
  'repos/create-or-update-file-contents': writeContents,
}
