import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Octokit } from '@octokit/rest'
import type { Logger } from 'pino'
import type { Update } from '../../src/audit/updates.ts'
import { appSettings, type Embedded, type EmbeddedOptions } from '../../src/commands/embedded/embedded.ts'
import { identityIn, manifest } from '../../src/commands/embedded/identity.ts'
import { isOver, isPlanned, watch } from '../../src/commands/rehearsal/watch.ts'
import type { Role } from '../../src/local-github/openapi/operations.ts'
import { startLocalGitHub } from '../../src/local-github/server.ts'
import { startApp } from '../../src/main.ts'
import { createLog } from '../../src/main/log.ts'
import { readMarker } from '../../src/messages/marker.ts'
import { recordOf, type UpdateRecord } from '../../src/stages/record.ts'
import { WEBHOOK_PATH } from '../../src/web/server.ts'
import { testDatabase, type TestDatabase } from './database.ts'
import { people, PEOPLE, type Login } from './people.ts'
import { DEPLOY, DEPLOY_SCRIPT, type ShopHost } from './shop-host.ts'
import { commitFiles } from './source.ts'

/** GitHub and the app, running for the tests of one file; each test has a repository of its own in it. */
export type World = Embedded & {
  dir: string
  database: TestDatabase
  /** What webhooks are signed with, and where they go. */
  hook: { secret: string; url: string }
  /** Waits until every webhook was taken up and every command and notice in them was seen to. */
  quiet(): Promise<void>
  close(): Promise<void>
}

/** What a repository with its people needs of it; the app itself may run elsewhere. */
export type Site = Pick<World, 'github' | 'dir'> & {
  app: Pick<World['app'], 'updates'>
  database: Pick<TestDatabase, 'pool'>
}

export type WorldOptions = {
  log?: Logger
  /** What the installation may do, where it is less than the manifest asks for. */
  permissions?: Record<string, string>
} & Pick<EmbeddedOptions, 'agents' | 'quota' | 'sandbox'>

/** Call it in `beforeAll`, and `close()` in `afterAll`: that also holds every request, answer and webhook against GitHub's description. */
export async function startWorld({ log, permissions, ...lent }: WorldOptions = {}): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'pawl-world-'))
  await chmod(dir, 0o711)
  const database = await testDatabase()
  const identity = identityIn(dir)
  const { publicKey, webhookSecret } = identity
  const asked = manifest()
  const github = await startLocalGitHub({
    data: join(dir, 'github'),
    app: { id: 1, slug: 'pawl', name: 'Pawl', publicKey, webhookSecret, ...asked, ...(permissions && { permissions }) },
  })
  const app = await startApp(
    appSettings(github, identity, {
      data: dir,
      log: log ?? createLog(process.env['LOG_LEVEL'] ?? 'silent'),
      databaseUrl: database.url,
      timing: { poll: 3_000, backoff: 100, request: 10_000 },
      ...lent,
    }),
  )
  const url = app.url + WEBHOOK_PATH
  github.setWebhookUrl(url)
  const stop = async () => {
    await app.stop()
    await github.stop()
  }
  return {
    github,
    app,
    stop,
    dir,
    database,
    hook: { secret: webhookSecret, url },
    async quiet() {
      for (;;) {
        await github.idle()
        const { rowCount } = await database.pool.query(
          `SELECT 1 FROM pawl.deliveries WHERE processed_at IS NULL
           UNION ALL SELECT 1 FROM dbos.workflow_status WHERE status = 'PENDING' AND name IN ('heed', 'notice')`,
        )
        if (rowCount === 0) return
        await sleep(LOOK_MS)
      }
    },
    async close() {
      await github.idle()
      const violations = github.violations()
      await stop()
      await database.drop()
      await rm(dir, { recursive: true, force: true })
      if (violations.length > 0)
        throw new Error(`GitHub's description was not kept: ${JSON.stringify(violations, null, 2)}`)
    },
  }
}

/** A workflow whose one check fails when a source says BROKEN. */
export const CI = `name: ci
on:
  push: { branches: [main] }
  pull_request:
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: "! grep -rq BROKEN src"
`

export const NO_DEPLOYMENT = 'deploy: { via: none }\nhealth: { soak: 1ms }\n'

/** For stories that end before anything is carried out: the default branch is not asked for its checks. */
export const NO_CHECKS = `${NO_DEPLOYMENT}preflight: { checks: false }\n`

/** How often something is looked at that nobody tells of, ms. */
const LOOK_MS = 40

const FILES: Record<string, string> = {
  'README.md': '# shop\n',
  'src/price.js': 'export const price = 1\n',
  'src/shop.js': "import { price } from './price.js'\nexport const shop = () => price\n",
  '.github/workflows/ci.yml': CI,
}

/** A request that changes one line of `src/price.js`. */
export function change(from: string, to: string, path = 'src/price.js'): string {
  return `\`\`\`diff\ndiff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-${from}\n+${to}\n\`\`\`\n`
}

/** One repository with its people, who act over REST with tokens of their own. */
export type Place = Awaited<ReturnType<typeof place>>

let places = 0

/** Makes a repository with the given files (over the usual ones; `null` leaves one out) and configuration. */
export async function place(
  world: Site,
  given: {
    owner?: string
    /** The text of `.github/pawl.yml`, or what makes it for the name of the repository. */
    config?: string | ((repo: string) => string)
    files?: Record<string, string | null>
    pushed?: boolean
    /** A workflow that reacts to GitHub Deployments deploys there; its address replaces HOST_URL in all files. */
    host?: ShopHost
  } = {},
) {
  const { github, app } = world
  const { owner = 'acme', pushed = true } = given
  const repo = `shop-${++places}`
  const name = `${owner}/${repo}`
  const source = join(world.dir, 'sources', repo)
  const config = typeof given.config === 'function' ? given.config(repo) : (given.config ?? NO_DEPLOYMENT)
  const deploy = { '.github/workflows/deploy.yml': DEPLOY, 'deploy.mjs': DEPLOY_SCRIPT }
  const usual = given.host ? { ...FILES, ...deploy } : FILES
  const files = { ...usual, '.github/pawl.yml': config, ...given.files }
  // Workflows begin with the first push, so the host stands in the files themselves.
  const url = `${given.host?.url ?? ''}/${repo}`
  const told = Object.entries(files).map(([path, text]) => [path, text?.replaceAll('HOST_URL', url) ?? null] as const)
  await commitFiles(source, Object.fromEntries(told))
  await github.addRepository(name, { from: source, ...(pushed ? { pushedBy: 'ann' } : {}) })
  for (const [login, role] of Object.entries(PEOPLE)) {
    await github.addUser(login)
    await github.setCollaborator(name, login, role)
  }
  await github.addUser('eve')
  await github.install(name)
  const as = await people(github)
  const at = { owner, repo }
  const latest = async (issue: number): Promise<Update | null> => app.updates.byIssue(name, issue)
  const comments = async (issue: number): Promise<{ id: number; body: string; login: string }[]> => {
    const all = await as('ann').paginate(as('ann').issues.listComments, { ...at, issue_number: issue, per_page: 100 })
    return all.map(({ id, body, user }) => ({ id, body: body ?? '', login: user?.login ?? '' }))
  }
  type Asked = { title?: string; by?: Login; label?: string }
  const ask = async (body: string, options: Asked = {}): Promise<number> => {
    const { title = 'Change the price', by = 'ann', label = 'pawl' } = options
    const { data } = await as('ann').issues.create({ ...at, title, body })
    await as(by).issues.addLabels({ ...at, issue_number: data.number, labels: [label] })
    return data.number
  }
  return {
    name,
    at,
    as,
    /** One person or bot more, with a token of their own. */
    async person(login: string, role: Role = 'none'): Promise<Octokit> {
      await github.addUser(login, { type: login.endsWith('[bot]') ? 'Bot' : 'User' })
      await github.setCollaborator(name, login, role)
      return new Octokit({ baseUrl: github.apiUrl, auth: await github.personalToken(login) })
    },
    /** Opens an issue and labels it. */
    ask,
    /** Opens an issue, waits for its plan and approves that. */
    async approved(body: string, options: Asked = {}): Promise<number> {
      const issue = await ask(body, options)
      const planned = await watch(app.updates, name, issue, isPlanned)
      if (planned.outcome !== null) throw new Error(`there is no plan: ${JSON.stringify(recordOf(planned).findings)}`)
      await as('ann').issues.createComment({ ...at, issue_number: issue, body: '/approve' })
      return issue
    },
    async say(issue: number, text: string, by: Login = 'ann'): Promise<number> {
      return (await as(by).issues.createComment({ ...at, issue_number: issue, body: text })).data.id
    },
    /** Waits until a plan waits for people. */
    async planned(issue: number, revision = 1): Promise<Update> {
      const update = await watch(app.updates, name, issue, (seen) => {
        return isOver(seen) || (seen.phase === 'awaiting approval' && recordOf(seen).revision === revision)
      })
      if (update.outcome === null) return update
      const why = recordOf(update).findings.map(({ message }) => message)
      throw new Error(`#${issue} has no plan, it is ${update.outcome}: ${why.join(' ')}`)
    },
    /** Waits until the update is over and people were told all that they are told. */
    async over(issue: number): Promise<Update> {
      const update = await watch(app.updates, name, issue, isOver)
      for (;;) {
        const { rowCount } = await world.database.pool.query(
          // One that waits in the queue is ended by the command or notice that takes it out.
          `SELECT 1 FROM dbos.workflow_status
           WHERE status IN ('PENDING', 'ENQUEUED') AND (workflow_uuid LIKE $1 OR name IN ('heed', 'notice'))`,
          [`${name}#${issue}@${update.attempt}%`],
        )
        if (rowCount === 0) return update
        await sleep(LOOK_MS)
      }
    },
    until: (issue: number, wanted: (update: Update) => boolean) => watch(app.updates, name, issue, wanted),
    async record(issue: number): Promise<UpdateRecord> {
      const update = await latest(issue)
      if (!update) throw new Error(`no update of #${issue}`)
      return recordOf(update)
    },
    comments,
    /** Waits for a comment of the app: of a kind, with a text in it, or the reply to a comment. */
    async told(issue: number, what: { kind?: string; text?: RegExp; to?: number }): Promise<string> {
      for (;;) {
        const found = (await comments(issue)).find(({ body, login }) => {
          const marker = login === 'pawl[bot]' ? readMarker(body) : null
          if (marker === null || (what.kind !== undefined && marker.kind !== what.kind)) return false
          return (what.to === undefined || marker.extra['comment'] === what.to) && (what.text?.test(body) ?? true)
        })
        if (found) return found.body
        await sleep(LOOK_MS)
      }
    },
    /** Waits until the app has reacted to a comment. */
    async reaction(comment: number): Promise<string> {
      for (;;) {
        const { data } = await as('ann').reactions.listForIssueComment({ ...at, comment_id: comment })
        const found = data.find(({ user }) => user?.login === 'pawl[bot]')
        if (found) return found.content
        await sleep(LOOK_MS)
      }
    },
    async labels(issue: number): Promise<string[]> {
      const { data } = await as('ann').issues.listLabelsOnIssue({ ...at, issue_number: issue })
      return data.map(({ name: label }) => label).toSorted()
    },
    async head(): Promise<{ commit: string; tree: string }> {
      const { data } = await as('ann').repos.getCommit({ ...at, ref: 'main' })
      return { commit: data.sha, tree: data.commit.tree.sha }
    },
    async text(path: string, ref = 'main'): Promise<string> {
      const { data } = await as('ann').repos.getContent({ ...at, path, ref })
      return 'content' in data ? Buffer.from(data.content, 'base64').toString() : ''
    },
    /** Writes a file to a branch, as a person who pushes would. */
    async push(path: string, content: string, branch = 'main', by: Login = 'ann'): Promise<void> {
      const there = await as(by)
        .repos.getContent({ ...at, path, ref: branch })
        .catch(() => null)
      const sha = there && 'sha' in there.data ? { sha: there.data.sha } : {}
      const encoded = Buffer.from(content).toString('base64')
      await as(by).repos.createOrUpdateFileContents({
        ...at,
        path,
        message: `Write ${path}`,
        content: encoded,
        branch,
        ...sha,
      })
    },
    async refs(prefix: string): Promise<string[]> {
      const { data } = await as('ann').git.listMatchingRefs({ ...at, ref: prefix })
      return data.map(({ ref }) => ref)
    },
    /** Waits until the default branch has been checked and nothing is under way. */
    settle: () => github.idle(),
  }
}
