import { answer, notFound, refuse } from '../answers.ts'
import type { Answer, Call, Handler, Handlers, World } from '../contract.ts'
import { commitsBetween } from '../git/compare.ts'
import type { Merged, Sha } from '../git/contract.ts'
import { mergeCommits, rebaseCommits, squashCommits } from '../git/merge.ts'
import { readRefFile } from '../git/ref-files.ts'
import { isAncestor } from '../git/refs.ts'
import { text } from '../json.ts'
import { userById } from '../people.ts'
import { moveRefs } from '../ref-moves.ts'
import { protectionRefusal } from '../requirements.ts'
import { signatureOf, webFlow } from '../signatures.ts'
import { repositoryUrl } from '../views/repository.ts'
import type { Pull } from '../views/pull.ts'
import { findPull, unprocessable } from './find-pull.ts'

const notMergeable = (message: string): Answer => refuse(405, message)

const merge: Handler = async (call, world) => {
  const both = findPull(call, world)
  if (both === undefined) return notFound()
  const { issue, pull } = both
  if (issue.state === 'closed') return notMergeable('Pull Request is not mergeable')
  if (pull.draft) return notMergeable('Pull Request is still a draft')
  // The branches themselves: a push may be under way that the record does not know of yet.
  const directory = world.gitDir(call.repository)
  const [head, base] = await Promise.all([
    readRefFile(directory, `refs/heads/${pull.headRef}`),
    readRefFile(directory, `refs/heads/${pull.baseRef}`),
  ])
  const expected = text(call.body['sha'])
  if (head === null || base === null) return notMergeable('Pull Request is not mergeable')
  if ((expected !== undefined && expected !== head) || head !== pull.headSha) {
    return refuse(409, 'Head branch was modified. Review and try the merge again.')
  }
  const refusal = protectionRefusal(world, call.repository, both)
  if (refusal !== null) return notMergeable(refusal)
  const made = await makeMerge(call, world, both, base)
  if (!made.ok) return notMergeable('Pull Request is not mergeable')
  const change = { name: `refs/heads/${pull.baseRef}`, before: base, after: made.sha }
  const written = await moveRefs(world, call, [change], { pullId: pull.id, sha: made.sha })
  if (!written.ok) return notMergeable('Base branch was modified. Review and try the merge again.')
  return answer(200, { sha: made.sha, merged: true, message: 'Pull Request successfully merged' })
}

/** The commits of the chosen method, on base; no ref is moved. */
async function makeMerge(
  call: Call,
  world: World,
  { issue, pull }: Pull,
  base: Sha,
): Promise<Merged<{ sha: Sha; tree: Sha }>> {
  const directory = world.gitDir(call.repository)
  const title = text(call.body['commit_title'])
  const message = text(call.body['commit_message'])
  const merger = signatureOf(world, call.actor)
  const method = text(call.body['merge_method']) ?? 'merge'
  if (method === 'rebase') return rebaseCommits(directory, base, pull.headSha, merger)
  if (method === 'squash') {
    const squashed = await squashTexts(call, world, { issue, pull })
    return squashCommits(directory, base, pull.headSha, {
      message: joined(title ?? squashed.title, message ?? squashed.message),
      author: signatureOf(world, userById(world.store, issue.authorId)),
      committer: webFlow(world),
    })
  }
  const [owner = ''] = call.repository.fullName.split('/')
  const subject = title ?? `Merge pull request #${issue.number} from ${owner}/${pull.headRef}`
  return mergeCommits(directory, base, pull.headSha, {
    message: joined(subject, message ?? issue.title),
    author: merger,
    committer: webFlow(world),
  })
}

const joined = (subject: string, body: string): string => (body === '' ? subject : `${subject}\n\n${body}`)

/** GitHub's default: a single commit's own texts, or the pull request's title and what its commits say. */
async function squashTexts(
  call: Call,
  world: World,
  { issue, pull }: Pull,
): Promise<{ title: string; message: string }> {
  const commits = await commitsBetween(world.gitDir(call.repository), pull.baseSha, pull.headSha)
  const [only] = commits
  if (commits.length === 1 && only !== undefined) {
    const [subject = '', ...rest] = only.message.split('\n')
    return { title: `${subject} (#${issue.number})`, message: rest.join('\n').trim() }
  }
  const message = commits.map((commit) => `* ${commit.message}`).join('\n\n')
  return { title: `${issue.title} (#${issue.number})`, message }
}

/** Merges the base branch into the head branch. */
const updateBranch: Handler = async (call, world) => {
  const found = findPull(call, world)
  if (found === undefined) return notFound()
  const { issue, pull } = found
  const expected = text(call.body['expected_head_sha'])
  if (issue.state === 'closed') return unprocessable('The pull request is closed.')
  if (expected !== undefined && expected !== pull.headSha) {
    return unprocessable("expected head sha didn't match current head ref.")
  }
  const directory = world.gitDir(call.repository)
  if (await isAncestor(directory, pull.baseSha, pull.headSha)) {
    return unprocessable('There are no new commits on the base branch.')
  }
  const merged = await mergeCommits(directory, pull.headSha, pull.baseSha, {
    message: `Merge branch '${pull.baseRef}' into ${pull.headRef}`,
    author: signatureOf(world, call.actor),
    committer: webFlow(world),
  })
  if (!merged.ok) return unprocessable('merge conflict between base and head')
  const change = { name: `refs/heads/${pull.headRef}`, before: pull.headSha, after: merged.sha }
  const written = await moveRefs(world, call, [change])
  if (!written.ok) return unprocessable("expected head sha didn't match current head ref.")
  const url = `${repositoryUrl(world, call.repository)}/pulls/${issue.number}`
  return answer(202, { message: 'Updating pull request branch.', url })
}

export const pullMerge: Handlers = {
  'pulls/merge': merge,
  'pulls/update-branch': updateBranch,
}
