import { readMarker } from '../../src/messages/marker.ts'
import { recordOf } from '../../src/stages/record.ts'
import type { Ground } from './ground.ts'
import type { Told } from './stories.ts'

/** What a story left behind, a line a thing and without what differs from run to run, so that two of them can be compared. */
export type Census = string[]

/** Counts everything that the app may have made in a repository, and what the audit log says of it. */
export async function takeCensus(ground: Ground, { shop, issues, ended }: Told): Promise<Census> {
  const octokit = shop.as('ann')
  const { at } = shop
  const names = new Map(ended.map(({ codename }, index) => [codename, `update-${index + 1}`]))
  const roles = new Map<string, string>()
  const plain = (text: string) => {
    let said = text
    for (const [codename, name] of names) said = said.replaceAll(codename, name)
    for (const [sha, role] of roles) said = said.replaceAll(sha, role)
    return said.replace(/\d{8}T\d{6}Z/g, 'then')
  }
  const lines: Census = []
  const note = (...words: (string | number | null | undefined)[]) => void lines.push(plain(words.join(' ')))

  const commits = await octokit.paginate(octokit.repos.listCommits, { ...at, sha: 'main', per_page: 100 })
  commits.toReversed().forEach(({ sha }, index) => roles.set(sha, `main-${index}`))
  for (const { commit } of commits) note('commit on main:', commit.message.split('\n', 1)[0], trailers(commit.message))

  for (const update of ended) {
    const record = recordOf(update)
    note('update', update.codename, update.outcome, `attempt ${update.attempt}`, update.phase)
    note('phases of', update.codename, record.phases.map(({ name, attempts }) => `${name} ${attempts}`).join(', '))
  }
  const pulls = await octokit.paginate(octokit.pulls.list, { ...at, state: 'all', per_page: 100 })
  for (const pull of pulls) {
    roles.set(pull.head.sha, `head of ${plain(pull.head.ref)}`)
    const { data } = await octokit.pulls.listCommits({ ...at, pull_number: pull.number, per_page: 100 })
    note('pull request', pull.head.ref, pull.state, pull.merged_at === null ? 'unmerged' : 'merged')
    for (const { commit } of data) note('commit of', pull.head.ref, commit.message.split('\n', 1)[0])
  }
  for (const number of [...issues, ...pulls.map((pull) => pull.number)]) {
    const { data } = await octokit.issues.get({ ...at, issue_number: number })
    const labels = data.labels
      .map((label) => (typeof label === 'string' ? label : (label.name ?? '')))
      .toSorted((a, b) => a.localeCompare(b))
    const thread = data.pull_request ? 'a pull request' : `issue ${issues.indexOf(number) + 1}`
    note(thread, 'is', data.state, ...labels)
    const comments = await octokit.paginate(octokit.issues.listComments, { ...at, issue_number: number, per_page: 100 })
    for (const { id, body = '', user } of comments) {
      const marker = readMarker(body)
      note('comment on', thread, 'by', user?.login, marker ? kindOf(marker) : '', heading(body))
      const { data: reactions } = await octokit.reactions.listForIssueComment({ ...at, comment_id: id })
      for (const reaction of reactions) note('reaction to', body.split('\n', 1)[0], reaction.content)
    }
  }
  for (const prefix of ['heads/', 'tags/', 'pawl/']) for (const ref of await shop.refs(prefix)) note('ref', ref)
  for (const sha of roles.keys()) {
    const runs = await octokit.paginate(octokit.checks.listForRef, { ...at, ref: sha, filter: 'all', per_page: 100 })
    for (const run of runs) note('check', run.name, 'by', run.app?.slug, 'on', sha, run.conclusion)
  }
  const deployments = await octokit.paginate(octokit.repos.listDeployments, { ...at, per_page: 100 })
  for (const { id, sha, payload, environment } of deployments) {
    const { data } = await octokit.repos.listDeploymentStatuses({ ...at, deployment_id: id, per_page: 100 })
    note('deployment to', environment, 'of', sha, JSON.stringify(payload), data.map(({ state }) => state).join())
  }
  const { data: runs } = await octokit.actions.listWorkflowRunsForRepo({ ...at, per_page: 100 })
  for (const run of runs.workflow_runs) note('run of', run.path, run.event, run.head_sha, `attempt ${run.run_attempt}`)
  const served = ground.host.history(at.repo).map((sha) => roles.get(sha) ?? sha)
  note('served:', ...served)

  for (const { codename } of ended) {
    const events = await ground.world.app.audit.list({ codename })
    for (const { key } of events.filter((event) => !UUID.test(event.key))) note('event', keyOf(key, roles))
  }
  return lines.toSorted()
}

function kindOf({ kind, codename }: { kind: string; codename: string }): string {
  return `${kind} of ${codename}`
}

/** In the key of an act that may be done again without harm, and is written down each time. */
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/

/** What a reader sees first. */
function heading(body: string): string {
  return body.split('\n').find((line) => line.startsWith('#') || line.startsWith('**')) ?? ''
}

function trailers(message: string): string {
  return message
    .split('\n')
    .filter((line) => line.startsWith('Pawl-'))
    .join(' ')
}

/** Keys name comments by their number, plans by their digest and commits by their sha, which are others in each run. */
function keyOf(key: string, roles: Map<string, string>): string {
  return key
    .replace(/[0-9a-f]{40,64}/g, (sha) => roles.get(sha) ?? 'sha')
    .replace(/(command|reply to|unlocked) \d+/g, '$1 a comment')
}
