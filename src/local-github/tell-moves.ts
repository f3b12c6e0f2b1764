import { requestSuite } from './check-suites.ts'
import { closeMerged } from './close-merged.ts'
import { closeMentioned } from './closing-words.ts'
import type { Deed, JsonObject, World } from './contract.ts'
import type { PushedCommit } from './git/pushed.ts'
import { setState } from './issue-changes.ts'
import { saveIssue } from './issues.ts'
import type { Move } from './moved-refs.ts'
import { emitPull, openPulls, pullById } from './pulls.ts'
import type { Merging } from './ref-moves.ts'
import type { RepositoryRecord } from './records.ts'
import { emailOf, userByEmail } from './signatures.ts'
import { settleMergeability } from './trial-merge.ts'
import { summarise } from './views/commit.ts'
import { repositoryPage } from './views/repository.ts'

const zero = '0'.repeat(40)

/** Sends the webhooks of moved refs and brings the pull requests along, in one stretch without an `await`. */
export function tellMoves(world: World, given: Deed, moves: Move[], merging: Merging | null): void {
  const now = world.now()
  const repository = world.store.put('repository', {
    ...(world.store.get('repository', given.repository.id) ?? given.repository),
    pushedAt: now,
    updatedAt: now,
  })
  const { actor, viaApp, byWorkflow } = given
  const deed: Deed = { repository, actor, viaApp, byWorkflow }
  for (const move of moves) {
    tellMove(world, deed, move)
    if (!move.name.startsWith('refs/heads/')) continue
    recordActivity(world, deed, move, merging !== null)
    requestSuite(world, deed, move)
    if (merging !== null) closeMerged(world, deed, pullById(world, merging.pullId), merging.sha)
    movePulls(world, deed, move)
    if (move.name !== `refs/heads/${repository.defaultBranch}`) continue
    for (const { message, sha } of move.commits) closeMentioned(world, deed, message, sha)
  }
}

function recordActivity(world: World, { repository, actor }: Deed, move: Move, merge: boolean): void {
  const { name: ref, before, after, forced } = move
  const of = { id: world.id(), repositoryId: repository.id, actorId: actor.id }
  world.store.put('activity', { ...of, ref, before, after, forced, merge, at: world.now() })
}

function tellMove(world: World, deed: Deed, move: Move): void {
  const { repository, actor, byWorkflow } = deed
  const isTag = move.name.startsWith('refs/tags/')
  const common = { repository, sender: actor, byWorkflow }
  const named: JsonObject = {
    ref: move.name.replace(/^refs\/(heads|tags)\//, ''),
    ref_type: isTag ? 'tag' : 'branch',
    pusher_type: 'user',
  }
  if (move.before === null) {
    const payload = { ...named, master_branch: repository.defaultBranch, description: null }
    world.emit({ event: 'create', ...common, payload })
  }
  if (move.after === null) world.emit({ event: 'delete', ...common, payload: named })
  const page = repositoryPage(world, repository)
  world.emit({
    event: 'push',
    ...common,
    payload: {
      ref: move.name,
      before: move.before ?? zero,
      after: move.after ?? zero,
      created: move.before === null,
      deleted: move.after === null,
      forced: move.forced,
      base_ref: null,
      compare: `${page}/compare/${(move.before ?? zero).slice(0, 12)}...${(move.after ?? zero).slice(0, 12)}`,
      commits: move.commits.map((commit) => commitOfPush(world, repository, commit)),
      head_commit: headOfPush(world, repository, move),
      pusher: { name: actor.login, email: emailOf(actor) },
    },
  })
}

function headOfPush(world: World, repository: RepositoryRecord, { head, commits }: Move): JsonObject | null {
  if (head === null) return null
  const files = commits.find(({ sha }) => sha === head.sha) ?? { added: [], removed: [], modified: [] }
  return commitOfPush(world, repository, { ...head, ...files })
}

function commitOfPush(world: World, repository: RepositoryRecord, commit: PushedCommit): JsonObject {
  const person = ({ name, email, date }: PushedCommit['author']): JsonObject => {
    const user = userByEmail(world, email)
    return { name, email, date, ...(user === undefined ? {} : { username: user.login }) }
  }
  const { id, tree_id, message, timestamp } = summarise(commit)
  return {
    id,
    tree_id,
    distinct: true,
    message,
    timestamp,
    url: `${repositoryPage(world, repository)}/commit/${id}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: commit.added,
    removed: commit.removed,
    modified: commit.modified,
  }
}

function movePulls(world: World, deed: Deed, move: Move): void {
  const branch = move.name.slice('refs/heads/'.length)
  for (const { issue, pull } of openPulls(world, deed.repository)) {
    if (move.after === null) {
      if (pull.headRef === branch || pull.baseRef === branch) setState(world, deed, issue, 'closed')
    } else if (pull.headRef === branch) {
      const size = move.sizes.get(pull.id) ?? pull.size
      world.store.put('pull', { ...pull, headSha: move.after, size, mergeable: null, mergeCommitSha: null })
      saveIssue(world, issue)
      emitPull(world, deed, pull.id, 'synchronize', { before: pull.headSha, after: move.after })
      settleMergeability(world, deed.repository, pull.id)
    } else if (pull.baseRef === branch) {
      world.store.put('pull', { ...pull, baseSha: move.after, mergeable: null, mergeCommitSha: null })
      if (move.merged.includes(issue.number)) closeMerged(world, deed, pullById(world, pull.id), move.after)
    }
  }
}
