import { answer, invalid } from '../answers.ts'
import type { Handler } from '../contract.ts'
import { measureChange } from '../git/compare.ts'
import { readRef, writeRefs } from '../git/refs.ts'
import { newIssue } from '../issues.ts'
import { flag, text } from '../json.ts'
import { emitPull, openPulls, pullById } from '../pulls.ts'
import { settleMergeability } from '../trial-merge.ts'
import { pullView } from '../views/pull.ts'
import { unprocessable } from './find-pull.ts'
import { bodyFault } from './issues.ts'

export const createPull: Handler = async (call, world) => {
  const { repository, body } = call
  const directory = world.gitDir(repository)
  const [owner = ''] = repository.fullName.split('/')
  const headName = text(body['head']) ?? ''
  const headRef = headName.toLowerCase().startsWith(`${owner.toLowerCase()}:`)
    ? headName.slice(owner.length + 1)
    : headName
  const baseRef = text(body['base']) ?? ''
  const title = text(body['title']) ?? ''
  const bodyText = text(body['body']) ?? null
  const wrong = (field: string, code: 'invalid' | 'missing_field') => invalid({ resource: 'PullRequest', field, code })
  if (body['issue'] !== undefined) return unprocessable('An issue cannot be turned into a pull request here.')
  if (title.trim() === '') return wrong('title', 'missing_field')
  const tooLong = bodyFault('PullRequest', bodyText)
  if (tooLong !== null) return tooLong
  const [head, base] = await Promise.all([headRef, baseRef].map((branch) => readRef(directory, `refs/heads/${branch}`)))
  if (head === undefined || head === null) return wrong('head', 'invalid')
  if (base === undefined || base === null) return wrong('base', 'invalid')
  const same = openPulls(world, repository).some(({ pull }) => pull.headRef === headRef && pull.baseRef === baseRef)
  if (same) return unprocessable(`A pull request already exists for ${owner}:${headRef}.`)
  const size = await measureChange(directory, base.sha, head.sha)
  if (size.commits === 0) return unprocessable(`No commits between ${baseRef} and ${headRef}`)

  const issue = newIssue(world, call, { title, body: bodyText, isPull: true })
  // Whoever hears of the pull request finds its ref; half a one is taken back at the next start.
  await writeRefs(directory, { name: `refs/pull/${issue.number}/head`, before: null, after: head.sha })
  world.store.put('pull', {
    id: issue.id,
    repositoryId: repository.id,
    headRef,
    baseRef,
    headSha: head.sha,
    baseSha: base.sha,
    draft: flag(body['draft']) ?? false,
    merged: false,
    mergedAt: null,
    mergedById: null,
    mergeCommitSha: null,
    mergeable: null,
    requestedReviewerIds: [],
    size,
  })
  emitPull(world, call, issue.id, 'opened')
  settleMergeability(world, repository, issue.id)
  return answer(201, pullView(world, repository, pullById(world, issue.id)))
}
