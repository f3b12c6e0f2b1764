import { Octokit } from '@octokit/rest'
import type { LocalGitHub } from '../../local-github/server.ts'
import type { RequestText } from './request-file.ts'

/** Somebody who acts on the embedded GitHub as people do: over its REST API, with a token of their own. */
export type Person = {
  login: string
  /** Opens an issue, or finds the one with the same text that an interrupted run has opened; answers its number. */
  open(request: RequestText): Promise<number>
  label(issue: number, label: string): Promise<void>
  say(issue: number, text: string): Promise<void>
  octokit: Octokit
}

export async function personOn(github: LocalGitHub, repo: string, login: string): Promise<Person> {
  // Looking for what may not be there is no news for the terminal.
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const octokit = new Octokit({ baseUrl: github.apiUrl, auth: await github.personalToken(login), log })
  const [owner = '', name = ''] = repo.split('/')
  const at = { owner, repo: name }
  return {
    login,
    octokit,
    async open({ title, body }) {
      const issues = await octokit.paginate(octokit.issues.listForRepo, { ...at, state: 'all', per_page: 100 })
      const known = issues.find((issue) => issue.title === title && issue.body === body && !issue.pull_request)
      if (known) return known.number
      const { data } = await octokit.issues.create({ ...at, title, body })
      return data.number
    },
    async label(issue, label) {
      const { data } = await octokit.issues.get({ ...at, issue_number: issue })
      if (data.labels.some((each) => (typeof each === 'string' ? each : each.name) === label)) return
      await octokit.issues.addLabels({ ...at, issue_number: issue, labels: [label] })
    },
    async say(issue, text) {
      await octokit.issues.createComment({ ...at, issue_number: issue, body: text })
    },
  }
}
