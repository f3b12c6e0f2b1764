import { issueNow, type IssueNow } from '../model/issue-now.ts'
import { expecting } from './answers.ts'
import type { RepositoryConnection } from './client.ts'

export async function readIssue(at: RepositoryConnection, issue: number): Promise<IssueNow> {
  const { data } = await at.octokit.issues.get({ owner: at.owner, repo: at.repo, issue_number: issue })
  return issueNow(data)
}

/** Posts a comment; answers its id. */
export async function postComment(at: RepositoryConnection, issue: number, body: string): Promise<number> {
  const { data } = await at.octokit.issues.createComment({ owner: at.owner, repo: at.repo, issue_number: issue, body })
  return data.id
}

export async function editComment(at: RepositoryConnection, comment: number, body: string): Promise<void> {
  await at.octokit.issues.updateComment({ owner: at.owner, repo: at.repo, comment_id: comment, body })
}

/** The app's own comment whose first line is this marker; what a step that was cut off may have left. */
export async function findComment(at: RepositoryConnection, issue: number, marker: string): Promise<number | null> {
  const pages = at.octokit.paginate.iterator(at.octokit.issues.listComments, {
    owner: at.owner,
    repo: at.repo,
    issue_number: issue,
    per_page: 100,
  })
  for await (const { data } of pages) {
    const found = data.find((comment) => comment.user?.type === 'Bot' && comment.body?.split('\n', 1)[0] === marker)
    if (found) return found.id
  }
  return null
}

export type Reaction = '+1' | '-1' | 'confused' | 'eyes' | 'rocket'

/** Acknowledges a comment. A comment that is gone by now needs no acknowledgement. */
export async function react(at: RepositoryConnection, comment: number, content: Reaction): Promise<void> {
  await expecting([404], () =>
    at.octokit.reactions.createForIssueComment({ owner: at.owner, repo: at.repo, comment_id: comment, content }),
  )
}

/** Sets the whole list of labels. GitHub's description of "Set labels" wants at least one. */
export async function setLabels(at: RepositoryConnection, issue: number, labels: string[]): Promise<void> {
  const where = { owner: at.owner, repo: at.repo, issue_number: issue }
  if (labels.length === 0) await at.octokit.issues.removeAllLabels(where)
  else await at.octokit.issues.setLabels({ ...where, labels })
}

export async function addLabel(at: RepositoryConnection, issue: number, label: string): Promise<void> {
  await at.octokit.issues.addLabels({ owner: at.owner, repo: at.repo, issue_number: issue, labels: [label] })
}

/** Takes a label off; one that is not there is already off. */
export async function removeLabel(at: RepositoryConnection, issue: number, label: string): Promise<void> {
  await expecting([404], () =>
    at.octokit.issues.removeLabel({ owner: at.owner, repo: at.repo, issue_number: issue, name: label }),
  )
}

/** Opens a closed issue again, with this list of labels. */
export async function reopenIssue(at: RepositoryConnection, issue: number, labels: string[]): Promise<void> {
  await at.octokit.issues.update({
    owner: at.owner,
    repo: at.repo,
    issue_number: issue,
    state: 'open',
    state_reason: 'reopened',
    labels,
  })
}

export async function closeIssue(at: RepositoryConnection, issue: number, labels: string[]): Promise<void> {
  await at.octokit.issues.update({
    owner: at.owner,
    repo: at.repo,
    issue_number: issue,
    state: 'closed',
    state_reason: 'completed',
    labels,
  })
}
