import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Octokit } from '@octokit/rest'
import type { Update } from '../../src/audit/updates.ts'
import { startEmbedded, type Embedded } from '../../src/commands/embedded/embedded.ts'
import { isOver, isPlanned, watch } from '../../src/commands/rehearsal/watch.ts'
import type { LocalGitHub } from '../../src/local-github/server.ts'
import { createLog } from '../../src/main/log.ts'
import { recordOf, type UpdateRecord } from '../../src/stages/record.ts'
import { testDatabase, type TestDatabase } from './database.ts'

/** GitHub and the app, running for the tests of one file; each test has a repository of its own in it. */
export type World = Embedded & { dir: string; database: TestDatabase; close(): Promise<void> }

/** Call it in `beforeAll`, and `close()` in `afterAll`: that also holds every request, answer and webhook against GitHub's description. */
export async function startWorld(): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'pawl-world-'))
  await chmod(dir, 0o711)
  const database = await testDatabase()
  const log = createLog(process.env['LOG_LEVEL'] ?? 'silent')
  const embedded = await startEmbedded({
    data: dir,
    log,
    databaseUrl: database.url,
    timing: { poll: 3_000, backoff: 100, request: 10_000 },
  })
  return {
    ...embedded,
    dir,
    database,
    async close() {
      await embedded.github.idle()
      const violations = embedded.github.violations()
      await embedded.stop()
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

const FILES: Record<string, string> = {
  'README.md': '# shop\n',
  'src/price.js': 'export const price = 1\n',
  'src/shop.js': "import { price } from './price.js'\nexport const shop = () => price\n",
  '.github/workflows/ci.yml': CI,
}

/** The people of a repository, weakest last. `eve` is nobody to it. */
const PEOPLE = { ann: 'admin', mia: 'maintain', bob: 'write', tom: 'triage', rob: 'read' } as const
export type Login = keyof typeof PEOPLE | 'eve'

/** A request that changes one line of `src/price.js`. */
export function change(from: string, to: string, path = 'src/price.js'): string {
  return `\`\`\`diff\ndiff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-${from}\n+${to}\n\`\`\`\n`
}

/** One repository with its people, who act over REST with tokens of their own. */
export type Place = Awaited<ReturnType<typeof place>>

let places = 0

/** Makes a repository with the given files (over the usual ones; `null` leaves one out) and configuration. */
export async function place(world: World, given: { config?: string; files?: Record<string, string | null> } = {}) {
  const { github, app } = world
  const owner = 'acme'
  const repo = `shop-${++places}`
  const name = `${owner}/${repo}`
  const source = join(world.dir, 'sources', repo)
  await commitFiles(source, { ...FILES, '.github/pawl.yml': given.config ?? NO_DEPLOYMENT, ...given.files })
  await github.addRepository(name, { from: source, pushedBy: 'ann' })
  for (const [login, role] of Object.entries(PEOPLE)) {
    await github.addUser(login)
    await github.setCollaborator(name, login, role)
  }
  await github.addUser('eve')
  await github.install(name)
  const as = await people(github)
  const at = { owner, repo }
  const latest = async (issue: number): Promise<Update | null> => app.updates.byIssue(name, issue)
  return {
    name,
    at,
    as,
    /** Opens an issue and labels it. */
    async ask(body: string, options: { title?: string; by?: Login; label?: string } = {}): Promise<number> {
      const { title = 'Change the price', by = 'ann', label = 'pawl' } = options
      const { data } = await as('ann').issues.create({ ...at, title, body })
      await as(by).issues.addLabels({ ...at, issue_number: data.number, labels: [label] })
      return data.number
    },
    async say(issue: number, text: string, by: Login = 'ann'): Promise<number> {
      return (await as(by).issues.createComment({ ...at, issue_number: issue, body: text })).data.id
    },
    planned: (issue: number) => watch(app.updates, name, issue, isPlanned),
    over: (issue: number) => watch(app.updates, name, issue, isOver),
    until: (issue: number, wanted: (update: Update) => boolean) => watch(app.updates, name, issue, wanted),
    async record(issue: number): Promise<UpdateRecord> {
      const update = await latest(issue)
      if (!update) throw new Error(`no update of #${issue}`)
      return recordOf(update)
    },
    async comments(issue: number): Promise<{ id: number; body: string; login: string }[]> {
      const all = await as('ann').paginate(as('ann').issues.listComments, { ...at, issue_number: issue, per_page: 100 })
      return all.map(({ id, body, user }) => ({ id, body: body ?? '', login: user?.login ?? '' }))
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

async function people(github: LocalGitHub): Promise<(login: Login) => Octokit> {
  const logins: Login[] = [...(Object.keys(PEOPLE) as Login[]), 'eve']
  const clients = await Promise.all(
    logins.map(
      async (login) =>
        [login, new Octokit({ baseUrl: github.apiUrl, auth: await github.personalToken(login) })] as const,
    ),
  )
  const of = new Map(clients)
  return (login) => {
    const client = of.get(login)
    if (!client) throw new Error(`nobody is called ${login}`)
    return client
  }
}

async function commitFiles(dir: string, files: Record<string, string | null>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    if (text === null) continue
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=Ann', '-c', 'user.email=ann@acme.example', ...args], {
      stdio: 'ignore',
    })
  git('init', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--message=Begin')
}
