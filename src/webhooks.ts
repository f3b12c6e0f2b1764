import type { Probot } from 'probot'
import { issueNow } from './model/issue-now.ts'
import type { Doors } from './pipeline/doors.ts'

/** GitHub takes no comment of more characters, some of which are two units long; what claims to be longer is not read. */
const LONGEST_COMMENT = 2 * 65_536

/** Authors whose texts are those of the project ("Comment author association"). */
const AUTHORS_TRUSTED = new Set(['OWNER', 'MEMBER', 'COLLABORATOR'])

/** GitHub event → start, command or nudge. Nothing else: every decision is made behind these doors. */
export function webhooks(doors: Doors): (app: Probot) => void {
  return (app) => {
    app.on(['issues', 'issue_comment'], async ({ payload }) => {
      if (!payload.issue.pull_request) await doors.seen(about(payload), issueNow(payload.issue))
    })
    app.on('issues.labeled', async ({ id, payload }) => {
      const { issue, label, repository, installation, sender } = payload
      // A closed issue asks for nothing any more.
      if (!label || !installation || issue.pull_request || issue.state === 'closed') return
      const { title, body, labels } = issueNow(issue)
      await doors.labelled({
        delivery: id,
        repo: repository.full_name,
        installation: installation.id,
        issue: issue.number,
        title,
        body,
        label: label.name,
        labels,
        trust: AUTHORS_TRUSTED.has(issue.author_association) ? 'maintainer' : 'outsider',
        requester: sender.login,
        defaultBranch: repository.default_branch,
        cloneUrl: repository.clone_url,
        htmlUrl: repository.html_url,
      })
    })
    app.on('issues.unlabeled', async ({ id, payload }) => {
      if (!payload.label) return
      await doors.unlabelled(about(payload), payload.label.name, payload.sender.login, id)
    })
    app.on('issues.closed', async ({ id, payload }) => {
      await doors.closed(about(payload), payload.sender.login, id)
    })
    app.on('issues.edited', async ({ id, payload }) => {
      const { issue, changes, sender } = payload
      if (!changes.title && !changes.body) return
      const { title, body } = issueNow(issue)
      await doors.edited(about(payload), { title, body, actor: sender.login }, id)
    })
    app.on('issue_comment.created', async ({ id, payload }) => {
      const { comment, sender } = payload
      if (comment.body.length > LONGEST_COMMENT) return
      await doors.commented({
        ...about(payload),
        delivery: id,
        comment: comment.id,
        pull: payload.issue.pull_request !== undefined && payload.issue.pull_request !== null,
        actor: sender.login,
        body: comment.body,
        at: comment.created_at,
      })
    })
    app.on('check_suite.completed', async ({ id, payload }) => {
      const { check_suite: suite, repository } = payload
      const nudge = { kind: 'nudge', about: 'checks', sha: suite.head_sha, suite: suite.id } as const
      await doors.nudge(repository.full_name, nudge, id)
    })
    app.on('deployment_status.created', async ({ id, payload }) => {
      const { deployment, deployment_status: status, repository } = payload
      const nudge = { kind: 'nudge', about: 'deployment', deployment: deployment.id, state: status.state } as const
      await doors.nudge(repository.full_name, nudge, id)
    })
    app.on(['pull_request.closed', 'pull_request.synchronize', 'pull_request.reopened'], async ({ id, payload }) => {
      const { head, number: pull, state } = payload.pull_request
      const nudge = { kind: 'nudge', about: 'pull-request', sha: head.sha, pull, state } as const
      await doors.nudge(payload.repository.full_name, nudge, id)
    })
    app.on(['pull_request_review.submitted', 'pull_request_review.dismissed'], async ({ id, payload }) => {
      const { head, number: pull } = payload.pull_request
      const nudge = { kind: 'nudge', about: 'pull-request', sha: head.sha, pull } as const
      await doors.nudge(payload.repository.full_name, nudge, id)
    })
    app.on('push', async ({ id, payload }) => {
      const { ref, before, after: sha, repository, sender } = payload
      const nudge = { kind: 'nudge', about: 'push', sha, ref, before, ...(sender && { actor: sender.login }) } as const
      await doors.nudge(repository.full_name, nudge, id)
    })
  }
}

const about = (payload: { repository: { full_name: string }; issue: { number: number } }) => ({
  repo: payload.repository.full_name,
  issue: payload.issue.number,
})
