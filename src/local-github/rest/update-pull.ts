import { answer, invalid, notFound, refuse } from '../answers.ts'
import type { Answer, Call, Handler, World } from '../contract.ts'
import { measureChange } from '../git/compare.ts'
import { readRef } from '../git/refs.ts'
import { editIssue, setState } from '../issue-changes.ts'
import { saveIssue } from '../issues.ts'
import { text } from '../json.ts'
import { emitPull, openPulls, pullById } from '../pulls.ts'
import { settleMergeability } from '../trial-merge.ts'
import { pullView, type Pull } from '../views/pull.ts'
import { findPull, unprocessable } from './find-pull.ts'
import { bodyFault, mayChange } from './issues.ts'

export const updatePull: Handler = async (call, world) => {
  const both = findPull(call, world)
  if (both === undefined) return notFound()
  const { body } = call
  if (!mayChange(call, world, both.issue.authorId, 'write'))
    return refuse(403, 'Must have write access to the repository.')
  const title = text(body['title']) ?? both.issue.title
  const bodyText = body['body'] === undefined ? both.issue.body : (text(body['body']) ?? null)
  if (title.trim() === '') return invalid({ resource: 'PullRequest', field: 'title', code: 'missing_field' })
  const tooLong = bodyFault('PullRequest', bodyText)
  if (tooLong !== null) return tooLong
  const state = text(body['state'])
  const base = text(body['base'])
  const refused =
    (state === 'open' ? await reopen(call, world, both) : null) ??
    (base === undefined || base === both.pull.baseRef ? null : await retarget(call, world, both, base))
  if (refused !== null) return refused
  const edited = editIssue(world, call, pullById(world, both.pull.id).issue, { title, body: bodyText })
  if (state === 'closed') setState(world, call, edited, 'closed')
  return answer(200, pullView(world, call.repository, pullById(world, both.pull.id)))
}

/** Opens a closed pull request again, at where its branches are now. */
async function reopen(call: Call, world: World, { issue, pull }: Pull): Promise<Answer | null> {
  if (issue.state === 'open') return null
  if (pull.merged) return unprocessable('state cannot be changed. The pull request has been merged.')
  const directory = world.gitDir(call.repository)
  const [head, base] = await Promise.all(
    [pull.headRef, pull.baseRef].map((branch) => readRef(directory, `refs/heads/${branch}`)),
  )
  if (!head || !base) return unprocessable(`state cannot be changed. The ${pull.headRef} branch has been deleted.`)
  const same = openPulls(world, call.repository).find((other) => other.pull.headRef === pull.headRef)
  if (same?.pull.baseRef === pull.baseRef) {
    return unprocessable(`state cannot be changed. There is already an open pull request from ${pull.headRef}.`)
  }
  const size = await measureChange(directory, base.sha, head.sha)
  const moved = { headSha: head.sha, baseSha: base.sha, mergeable: null, mergeCommitSha: null, size }
  world.store.put('pull', { ...pull, ...moved })
  setState(world, call, issue, 'open')
  settleMergeability(world, call.repository, pull.id)
  return null
}

async function retarget(call: Call, world: World, { issue, pull }: Pull, branch: string): Promise<Answer | null> {
  const directory = world.gitDir(call.repository)
  const base = await readRef(directory, `refs/heads/${branch}`)
  if (base === null) return invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' })
  if (issue.state === 'closed') return unprocessable('Cannot change the base branch of a closed pull request.')
  const size = await measureChange(directory, base.sha, pull.headSha)
  if (size.commits === 0) return unprocessable(`No commits between ${branch} and ${pull.headRef}`)
  const moved = { baseRef: branch, baseSha: base.sha, mergeable: null, mergeCommitSha: null, size }
  world.store.put('pull', { ...pull, ...moved })
  saveIssue(world, issue)
  const changes = { base: { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } } }
  emitPull(world, call, pull.id, 'edited', { changes })
  settleMergeability(world, call.repository, pull.id)
  return null
}
