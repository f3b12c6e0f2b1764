import { expecting, statusOf } from './answers.ts'
import type { RepositoryConnection } from './client.ts'

export type PullRequest = {
  number: number
  head: string
  state: 'open' | 'closed'
  merged: boolean
  mergeCommit: string | null
}

type PullData = {
  number: number
  state: string
  head: { sha: string }
  merged_at: string | null
  merge_commit_sha: string | null
}

const asPull = (data: PullData): PullRequest => ({
  number: data.number,
  head: data.head.sha,
  state: data.state === 'open' ? 'open' : 'closed',
  merged: data.merged_at !== null,
  mergeCommit: data.merged_at === null ? null : data.merge_commit_sha,
})

/** Opens a pull request; as a draft where that is asked for and GitHub has drafts for this repository. */
export async function openPull(
  at: RepositoryConnection,
  { draft = false, ...pull }: { head: string; base: string; title: string; body: string; draft?: boolean },
): Promise<PullRequest> {
  const create = (more: { draft?: true }) =>
    at.octokit.pulls.create({ owner: at.owner, repo: at.repo, ...pull, ...more })
  const created = draft
    ? create({ draft: true }).catch((error: unknown) => {
        if (refusesDrafts(error)) return create({})
        throw error
      })
    : create({})
  const { data } = await created
  return asPull({ ...data, merged_at: data.merged_at ?? null })
}

/** Private repositories of some plans of GitHub have no drafts, which it says with a 422. */
const refusesDrafts = (error: unknown) =>
  statusOf(error) === 422 && error instanceof Error && /draft/i.test(error.message)

const READY = `mutation ($id: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`

/** Takes the draft's mark off a pull request and gives it another text. The first only GitHub's GraphQL API can do. */
export async function readyPull(
  at: RepositoryConnection,
  number: number,
  text: { title: string; body: string },
): Promise<void> {
  const { data } = await at.octokit.pulls.update({ owner: at.owner, repo: at.repo, pull_number: number, ...text })
  if (data.draft === true) await at.octokit.graphql(READY, { id: data.node_id })
}

export async function readPull(at: RepositoryConnection, number: number): Promise<PullRequest> {
  const { data } = await at.octokit.pulls.get({ owner: at.owner, repo: at.repo, pull_number: number })
  return asPull(data)
}

/** The newest pull request from this branch, in any state. */
export async function findPull(at: RepositoryConnection, branch: string): Promise<PullRequest | null> {
  const { data } = await at.octokit.pulls.list({
    owner: at.owner,
    repo: at.repo,
    state: 'all',
    head: `${at.owner}:${branch}`,
    per_page: 1,
  })
  return data[0] ? asPull(data[0]) : null
}

export type MergeAnswer = { merged: true; sha: string } | { merged: false; why: 'moved' | 'refused'; message: string }

/**
 * Merges exactly the given head ("Merge a pull request"): GitHub answers 409 when the head is another by now and 405 when
 * the pull request cannot be merged; 403 and 422 are rules that forbid it.
 */
export async function mergePull(
  at: RepositoryConnection,
  pull: { number: number; sha: string; method: 'merge' | 'squash' | 'rebase'; title: string; message: string },
): Promise<MergeAnswer> {
  const answer = await expecting([403, 405, 409, 422], () =>
    at.octokit.pulls.merge({
      owner: at.owner,
      repo: at.repo,
      pull_number: pull.number,
      sha: pull.sha,
      merge_method: pull.method,
      commit_title: pull.title,
      commit_message: pull.message,
    }),
  )
  if (answer.ok) return { merged: true, sha: answer.value.data.sha }
  return { merged: false, why: answer.status === 409 ? 'moved' : 'refused', message: answer.message }
}

export async function closePull(at: RepositoryConnection, number: number): Promise<void> {
  await at.octokit.pulls.update({ owner: at.owner, repo: at.repo, pull_number: number, state: 'closed' })
}

/** Whose reviews are those of the project ("Comment author association"): anybody may review a public repository. */
const REVIEWERS = new Set(['OWNER', 'MEMBER', 'COLLABORATOR'])

/** The newest review of each person of the project that is not a mere comment. */
export async function reviewsOf(
  at: RepositoryConnection,
  number: number,
): Promise<{ login: string; state: string; commit: string }[]> {
  const reviews = await at.octokit.paginate(at.octokit.pulls.listReviews, {
    owner: at.owner,
    repo: at.repo,
    pull_number: number,
    per_page: 100,
  })
  const newest = new Map<string, { login: string; state: string; commit: string }>()
  for (const review of reviews) {
    const login = review.user?.login
    if (!login || review.state === 'COMMENTED' || review.state === 'PENDING') continue
    if (!REVIEWERS.has(review.author_association)) continue
    newest.set(login, { login, state: review.state, commit: review.commit_id ?? '' })
  }
  return [...newest.values()]
}
