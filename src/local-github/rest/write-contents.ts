import { answer, invalid, refuse } from '../answers.ts'
import { guardRef } from '../branch-guard.ts'
import type { Handler } from '../contract.ts'
import { createCommit, readCommits } from '../git/commits.ts'
import { createTree } from '../git/new-tree.ts'
import { createBlob } from '../git/objects.ts'
import { readRef } from '../git/refs.ts'
import { entryAt } from '../git/trees.ts'
import { text } from '../json.ts'
import { moveRefs } from '../ref-moves.ts'
import { signatureFrom } from '../signatures.ts'
import { gitCommitView } from '../views/commit.ts'
import { entryView } from '../views/contents.ts'

/** Writes one file in a commit of its own; `sha` must be that of the file it replaces. */
export const writeContents: Handler = async (call, world) => {
  const { repository, body } = call
  const directory = world.gitDir(repository)
  const branch = text(body['branch']) ?? repository.defaultBranch
  const name = `refs/heads/${branch}`
  const path = call.text('path').replace(/^\/+|\/+$/g, '')
  const tip = (await readRef(directory, name))?.sha ?? null
  if (tip === null && branch !== repository.defaultBranch) return refuse(404, `Branch ${branch} not found`)
  const known = tip === null ? null : await entryAt(directory, tip, path)
  const given = text(body['sha'])
  if (known?.type === 'blob' && given === undefined) {
    return refuse(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
  }
  if ((known?.sha ?? given) !== given) return refuse(409, `${path} does not match ${given ?? ''}`)

  const content = await createBlob(directory, Buffer.from(text(body['content']) ?? '', 'base64'))
  const mode = known?.mode === '100755' ? '100755' : '100644'
  const tree = await createTree(directory, tip, [{ path, mode, sha: content }])
  if (!tree.ok) return invalid({ resource: 'Content', field: 'path', code: 'invalid', message: tree.message })
  const author = signatureFrom(world, call.actor, body['author'] ?? body['committer'])
  const sha = await createCommit(directory, {
    message: text(body['message']) ?? '',
    tree: tree.sha,
    parents: tip === null ? [] : [tip],
    author,
    committer: signatureFrom(world, call.actor, body['committer'] ?? body['author']),
  })
  if (sha === null) throw new Error(`no commit could be made of ${tree.sha}`)
  const change = { name, before: tip, after: sha }
  const refusal = guardRef(world, repository, { ...change, forced: false })
  if (refusal !== null) return refuse(409, refusal)
  const written = await moveRefs(world, call, [change])
  if (!written.ok) return refuse(409, `${branch} is not at ${tip ?? 'nothing'} any more`)
  const [commit] = await readCommits(directory, [sha])
  const entry = await entryAt(directory, sha, path)
  if (commit === undefined || entry === null) throw new Error(`${sha} is not there after it was made`)
  return answer(known === null ? 201 : 200, {
    content: entryView(world, repository, branch, path, entry),
    commit: gitCommitView(world, repository, commit),
  })
}
