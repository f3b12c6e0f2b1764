import { animals, colors, uniqueNamesGenerator } from 'unique-names-generator'
import type { Update } from '../audit/updates.ts'
import type { Json, RepositoryName, Trust, UpdateRequest } from '../model.ts'
import type { IssueNow } from '../model/issue-now.ts'
import { readIssue } from '../github/issues.ts'
import { judgeTrigger } from '../policy/authorisation.ts'
import { noRevisions } from '../planning/revision.ts'
import type { Proposal } from './order.ts'
import { personOf } from './people.ts'
import { keep, recordOf, type UpdateRecord } from './record.ts'
import { deskOf, type Services } from './services.ts'
import { settingsAtHead } from './settings.ts'

/** An issue, or a pull request of ours, as webhooks name it. */
export type About = { repo: RepositoryName; issue: number }

/** Who put which label on what; the texts are those of this moment. */
export type Labelled = About & {
  delivery: string
  installation: number
  title: string
  body: string
  label: string
  labels: string[]
  requester: string
  trust: Trust
  defaultBranch: string
  cloneUrl: string
  htmlUrl: string
}

/** A new comment on an issue, or on a pull request when `pull` is true. */
export type Commented = About & {
  delivery: string
  comment: number
  pull: boolean
  actor: string
  body: string
  at: string
}

/** What people wrote after questions were asked. */
export type Completion = { kind: 'edit'; actor: string } | { kind: 'answer'; actor: string; body: string }

/** Phases in which an update waits for something of GitHub's. */
const LISTENING = new Set([
  'preflight',
  'executing',
  'awaiting push',
  'round 1',
  'merging',
  'round 2',
  'deploying',
  'rolling back',
])

export function opening(services: Services) {
  const { updates } = services

  const open = async (
    request: Omit<UpdateRequest, 'attempt' | 'codename' | 'at'>,
    cause: string,
  ): Promise<Proposal> => {
    const at = new Date().toISOString()
    const { repo, issue, installation, requester, title } = request
    const { update } = await updates.open({
      repo,
      issue,
      installation,
      requester,
      title,
      at,
      cause,
      codename,
      state: (made) => startOf({ ...request, ...made, at }),
    })
    return asProposal(update)
  }

  const latest = async ({ repo, issue }: About): Promise<Update | null> => {
    const update = await updates.byIssue(repo, issue)
    if (update) return update
    // Commands may also be said on the update's pull request.
    const all = [...(await updates.active(repo)), ...(await updates.finished(repo, 20))]
    return all.find((each) => recordOf(each).progress?.pull === issue) ?? null
  }

  return {
    /** The attempt that a label opens, or `null` when it is not the label that the repository has chosen. */
    async open(label: Labelled): Promise<Proposal | null> {
      if (label.label.startsWith('pawl:')) return null
      const desk = deskOf(services, { ...label })
      const settings = await settingsAtHead(desk, label.defaultBranch)
      if (label.label !== settings.config.label) return null
      const { requester, installation, repo, issue, title, body, trust, labels, defaultBranch, cloneUrl, htmlUrl } =
        label
      const text = { title, body, answers: [], trust, labels, label: label.label }
      const about = { requester, installation, repo, issue, ...text, defaultBranch, cloneUrl, htmlUrl }
      return open(about, label.delivery)
    },

    /** Keeps what a webhook said of the issue of an update that is not over. Webhooks may come in another order: the newest counts. */
    async see({ repo, issue }: About, seen: IssueNow): Promise<void> {
      const update = await updates.byIssue(repo, issue)
      if (!update || update.outcome !== null) return
      const before = recordOf(update).seen
      if (before === null || seen.at >= before.at) await keep(updates, update.codename, { seen })
    },

    /** The update of this issue or pull request that is not over. */
    async openUpdate(about: About): Promise<UpdateRecord | null> {
      const update = await latest(about)
      return update && update.outcome === null ? recordOf(update) : null
    },

    /** The newest update of this issue or pull request, over or not. */
    async latestUpdate(about: About): Promise<UpdateRecord | null> {
      const update = await latest(about)
      return update ? recordOf(update) : null
    },

    /** The workflow that hears what people say about an update now; `null` when it is over. */
    async hearer(codename: string): Promise<string | null> {
      const update = await updates.byCodename(codename)
      return update && update.outcome === null ? recordOf(update).workflow : null
    },

    /** A new attempt with the complete text, when questions are open and somebody who may has answered (PRE-8). */
    async completed(about: About, text: Completion, delivery: string): Promise<Proposal | null> {
      const begun = await updates.byCause(about.repo, about.issue, delivery)
      if (begun) return asProposal(begun)
      const update = await updates.byIssue(about.repo, about.issue)
      if (update?.outcome !== 'needs-info') return null
      const { request } = recordOf(update)
      const desk = deskOf(services, request)
      if (text.actor !== request.requester) {
        const { config } = await settingsAtHead(desk, request.defaultBranch)
        const person = await personOf(desk.at, text.actor, config.authorised.teams)
        if (judgeTrigger(person, config.authorised).verdict !== 'pass') return null
      }
      const { title, body, state, labels } = await readIssue(desk.at, about.issue)
      if (state === 'closed' || !labels.includes(request.label)) return null
      const { attempt: _attempt, codename: _codename, at: _at, ...same } = request
      const answers = text.kind === 'answer' ? [...same.answers, text.body] : same.answers
      return open({ ...same, title, body, labels, answers }, delivery)
    },

    /** Workflows of a repository that may be waiting for GitHub. */
    async listeners(repo: RepositoryName): Promise<string[]> {
      const active = await updates.active(repo)
      // One that is taken back after its success listens too.
      const over = (await updates.finished(repo, 20)).filter(({ state }) => state['executing'] === true)
      return [...active, ...over].filter(({ phase }) => LISTENING.has(phase)).map((update) => recordOf(update).workflow)
    },

    /** Another whole attempt at an update that is over. */
    again(
      request: UpdateRequest,
      text: { title: string; body: string; labels: string[] },
      delivery: string,
    ): Promise<Proposal> {
      const { attempt: _attempt, codename: _codename, at: _at, ...same } = request
      return open({ ...same, ...text }, delivery)
    },
  }
}

/** What an attempt is from its first moment on: a crash finds it whole, or not at all. */
function startOf(request: UpdateRequest): { [key: string]: Json } {
  const record: Partial<UpdateRecord> = { request, workflow: `${request.repo}#${request.issue}@${request.attempt}` }
  return record as { [key: string]: Json }
}

/** An attempt that is open already keeps the text it was opened with. */
function asProposal(update: Update): Proposal {
  const { request } = recordOf(update)
  return { request, revision: 1, previous: null, revisions: noRevisions, because: [], voided: false }
}

/** Two words, such as `amber-otter`; a number is put behind them when many are taken. */
function codename(taken: number): string {
  const name = uniqueNamesGenerator({ dictionaries: [colors, animals], separator: '-', style: 'lowerCase' })
  const plain = name.replace(/[^a-z-]+/g, '-')
  return taken < 5 ? plain : `${plain}-${taken}`
}
