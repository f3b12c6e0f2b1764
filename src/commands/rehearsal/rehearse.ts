import { basename, resolve } from 'node:path'
import type { Update } from '../../audit/updates.ts'
import type { Embedded } from '../embedded/embedded.ts'
import { parseConfig } from '../../config/parse.ts'
import { listensToDeployments } from '../../planning/checks.ts'
import type { Role } from '../../local-github/openapi/operations.ts'
import { gitDirOf, headOf } from '../git-dir.ts'
import { approve } from './approve.ts'
import { releaseBot } from './bystanders.ts'
import { documentOf, type RehearsalDocument } from './document.ts'
import { personOn, type Person } from './people.ts'
import type { RequestText } from './request-file.ts'
import { isOver, isPlanned, settled, watch, type Seen } from './watch.ts'

export type Rehearsal = {
  /** Path of a git repository. */
  repo: string
  requests: RequestText[]
  approve: 'auto' | 'never'
  /** The text of a `pawl.yml` that takes the place of the repository's own, `null` to keep that. */
  config: string | null
  requester: { login: string; permission: Role }
}

/** Somebody besides the requester, where a plan needs a second approval or the requester may not give it. */
const REVIEWER = 'reviewer'

const CONFIG = '.github/pawl.yml'

/** Does the requests on a copy of the repository in the embedded GitHub, from the label to the end of each. */
export async function rehearse(embedded: Embedded, rehearsal: Rehearsal, seen: Seen): Promise<RehearsalDocument> {
  const { github, app } = embedded
  const repo = `rehearsal/${nameOf(rehearsal.repo)}`
  const { requester, people } = await settle(embedded, rehearsal, repo)
  const branch = await adopt(requester, repo, rehearsal.config)
  await github.idle()
  const bot = releaseBot(people.at(-1) ?? requester, repo, await hearsDeployments(requester, repo, branch))
  try {
    const updates: Update[] = []
    for (const request of rehearsal.requests) {
      const issue = await requester.open(request)
      const known = await app.updates.byIssue(repo, issue)
      if (!known) await requester.label(issue, await labelOf(requester, repo, branch))
      const planned = await watch(app.updates, repo, issue, (update) => isPlanned(update) || isTaken(update), seen)
      if (planned.outcome === null && !isTaken(planned)) {
        if (rehearsal.approve === 'auto') await approve(planned, people)
        else await requester.say(issue, '/reject This rehearsal ends with the plan.')
      }
      updates.push(await watch(app.updates, repo, issue, isOver, seen))
    }
    await settled(embedded)
    return await documentOf({ github, audit: app.audit, person: requester, repo, branch }, updates)
  } finally {
    await bot.stop()
  }
}

/** Approved already, before a crash. */
const isTaken = (update: Update) => update.stage === 'deliver'

async function settle({ github }: Embedded, rehearsal: Rehearsal, repo: string) {
  const { login, permission } = rehearsal.requester
  await github.addRepository(repo, { from: resolve(rehearsal.repo), pushedBy: login })
  await github.addUser(login)
  await github.setCollaborator(repo, login, permission)
  await github.addUser(REVIEWER)
  await github.setCollaborator(repo, REVIEWER, 'admin')
  await github.install(repo)
  const requester = await personOn(github, repo, login)
  const people: Person[] = [requester, await personOn(github, repo, REVIEWER)]
  return { requester, people }
}

/** Puts the given configuration on the default branch of the copy; answers that branch. */
async function adopt(person: Person, repo: string, config: string | null): Promise<string> {
  const at = placeOf(repo)
  const { data } = await person.octokit.repos.get(at)
  if (config === null) return data.default_branch
  const there = await textOf(person, repo, data.default_branch, CONFIG)
  if (there?.text === config) return data.default_branch
  await person.octokit.repos.createOrUpdateFileContents({
    ...at,
    path: CONFIG,
    message: 'Configure Pawl for the rehearsal',
    content: Buffer.from(config).toString('base64'),
    branch: data.default_branch,
    ...(there ? { sha: there.sha } : {}),
  })
  return data.default_branch
}

async function textOf(
  person: Person,
  repo: string,
  ref: string,
  path: string,
): Promise<{ text: string; sha: string } | null> {
  const answer = await person.octokit.repos.getContent({ ...placeOf(repo), path, ref }).catch(() => null)
  if (!answer || Array.isArray(answer.data) || !('content' in answer.data)) return null
  return { text: Buffer.from(answer.data.content, 'base64').toString('utf8'), sha: answer.data.sha }
}

/** The label that starts an update; with a configuration that is not valid, the one that shows its faults. */
async function labelOf(person: Person, repo: string, branch: string): Promise<string> {
  const parsed = parseConfig((await textOf(person, repo, branch, CONFIG))?.text ?? '')
  return parsed.ok ? parsed.config.label : 'pawl'
}

async function hearsDeployments(person: Person, repo: string, branch: string): Promise<boolean> {
  const listed = await person.octokit.repos
    .getContent({ ...placeOf(repo), path: '.github/workflows', ref: branch })
    .catch(() => null)
  if (!listed || !Array.isArray(listed.data)) return false
  const files = listed.data.filter(({ name }) => /\.ya?ml$/.test(name))
  const texts = await Promise.all(files.map(({ path }) => textOf(person, repo, branch, path)))
  return listensToDeployments(files.map(({ path }, index) => ({ path, text: texts[index]?.text ?? '' })))
}

const placeOf = (repo: string) => {
  const [owner = '', name = ''] = repo.split('/')
  return { owner, repo: name }
}

/** A name that GitHub allows, from the folder's. @throws {UsageError} when the path is no git repository with a commit. */
export function nameOf(path: string): string {
  headOf(gitDirOf(path))
  const bare = basename(resolve(path)).replace(/\.git$/, '')
  return bare.replace(/[^A-Za-z0-9._-]+/g, '-') || 'repository'
}
