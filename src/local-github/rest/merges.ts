import { answer, refuse } from '../answers.ts'
import { guardRef } from '../branch-guard.ts'
import type { Handler, Handlers } from '../contract.ts'
import { readCommits } from '../git/commits.ts'
import { mergeCommits } from '../git/merge.ts'
import { isAncestor, readRef, resolveCommit } from '../git/refs.ts'
import { text } from '../json.ts'
import { moveRefs } from '../ref-moves.ts'
import { signatureOf, webFlow } from '../signatures.ts'
import { commitView } from '../views/commit.ts'

/** Merges any revision into a branch, without a pull request. */
const merge: Handler = async (call, world) => {
  const { repository, body } = call
  const directory = world.gitDir(repository)
  const baseName = text(body['base']) ?? ''
  const headName = text(body['head']) ?? ''
  const [base, head] = await Promise.all([
    readRef(directory, `refs/heads/${baseName}`),
    resolveCommit(directory, headName),
  ])
  if (base === null) return refuse(404, 'Base does not exist')
  if (head === null) return refuse(404, 'Head does not exist')
  if (await isAncestor(directory, head, base.sha)) return answer(204)
  const merged = await mergeCommits(directory, base.sha, head, {
    message: text(body['commit_message']) ?? `Merge ${headName} into ${baseName}`,
    author: signatureOf(world, call.actor),
    committer: webFlow(world),
  })
  if (!merged.ok) return refuse(409, 'Merge conflict')
  const change = { name: base.name, before: base.sha, after: merged.sha }
  const refusal = guardRef(world, repository, { ...change, forced: false })
  if (refusal !== null) return refuse(403, refusal)
  const written = await moveRefs(world, call, [change])
  if (!written.ok) return refuse(409, 'Base branch was modified. Review and try the merge again.')
  const [commit] = await readCommits(directory, [merged.sha])
  if (commit === undefined) throw new Error(`${merged.sha} is not there after it was made`)
  return answer(201, commitView(world, repository, commit))
}

export const merges: Handlers = { 'repos/merge': merge }
