import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './until.ts'
import type { Place } from './world.ts'

/** What runs in one environment: the commit, and the text that decides how well it does. */
type Version = { sha: string; text: string }

/**
 * The place where the shops of a test file run. It stands for an operator's platform: a deploy workflow posts a commit with the
 * text of `src/price.js`, and that text decides how the version behaves. SICK answers 503, SLOW takes its time, REFUSED is
 * not taken, MUTE is deployed and not reported, HELD comes into service when it is let go.
 */
export type ShopHost = {
  url: string
  /** Everything that was ever deployed for a repository, oldest first. */
  history(repo: string): string[]
  running(repo: string): string | null
  /** Brings a version into service, as it was before Pawl came. */
  serve(repo: string, version: Version): void
  /** From now on nothing can be deployed, and what runs is ill. */
  breakDown(repo: string): void
  /** Whether the checks of `GATED_CI` may end. */
  gate(repo: string, open: boolean): void
  /** Lets a version that says HELD come into service. */
  letGo(repo: string): void
  close(): Promise<void>
}

/** Long enough that a busy machine's hesitations are small beside it. */
const ANSWER_MS = 30
const SLOW_MS = 400

export async function startShopHost(): Promise<ShopHost> {
  const running = new Map<string, Version>()
  const history = new Map<string, string[]>()
  const shut = new Set<string>()
  const broken = new Set<string>()
  const free = new Set<string>()

  const serve = (repo: string, version: Version) => {
    running.set(repo, version)
    history.set(repo, [...(history.get(repo) ?? []), version.sha])
  }
  const health = async (repo: string): Promise<number> => {
    const version = running.get(repo)
    if (!version) return 404
    await sleep(version.text.includes('SLOW') ? SLOW_MS : ANSWER_MS)
    return version.text.includes('SICK') || broken.has(repo) ? 503 : 200
  }
  const server = createServer((request, response) => {
    const [, repo = '', what = ''] = (request.url ?? '').split('/')
    if (what === 'health') {
      return void health(repo).then((status) => response.writeHead(status).end())
    }
    if (what === 'gate') return void response.writeHead(shut.has(repo) ? 503 : 200).end()
    if (what === 'held') return void response.writeHead(free.has(repo) ? 200 : 503).end()
    void read(request).then((body) => {
      const version = JSON.parse(body) as Version
      if (version.text.includes('REFUSED') || broken.has(repo)) return response.writeHead(500).end('the disk is full')
      serve(repo, version)
      return response.writeHead(200).end('in service')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    history: (repo) => history.get(repo) ?? [],
    running: (repo) => running.get(repo)?.sha ?? null,
    serve,
    breakDown: (repo) => void broken.add(repo),
    gate: (repo, open) => void (open ? shut.delete(repo) : shut.add(repo)),
    letGo: (repo) => void free.add(repo),
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** Deploys to the host through GitHub Deployments, with a short soak under a probe. `more` is added at the end. */
export const deployedTo =
  (host: ShopHost, more = '') =>
  (repo: string): string =>
    `deploy: { timeout: 20s }
health:
  probes: [{ name: shop, url: '${host.url}/${repo}/health', within: 2s, interval: 2s }]
  soak: 2s
  failures: 1
  margin: 1000%
${more}`

/** Has somebody deploy the head of the default branch as people do, and waits until that is reported. */
export async function deployByHand({ as, at, head }: Pick<Place, 'as' | 'at' | 'head'>): Promise<string> {
  const { commit } = await head()
  const wanted = { ...at, ref: commit, environment: 'production', auto_merge: false, required_contexts: [] }
  const { data } = await as('ann').repos.createDeployment(wanted)
  const deployment_id = 'id' in data ? data.id : 0
  await until(async () => {
    const { data: statuses } = await as('ann').repos.listDeploymentStatuses({ ...at, deployment_id })
    return statuses.some(({ state }) => state === 'success')
  })
  return commit
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** A workflow that deploys to the host and reports, unless the version says MUTE. */
export const DEPLOY = `name: deploy
on: deployment
permissions: { contents: read, deployments: write }
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with: { ref: "\${{ github.event.deployment.sha }}" }
      - run: node deploy.mjs
        env:
          HOST: HOST_URL
          SHA: "\${{ github.event.deployment.sha }}"
          STATUSES: "\${{ github.event.deployment.statuses_url }}"
          TOKEN: "\${{ github.token }}"
`

/** A workflow whose one check ends when the host lets it, and fails when a source says BROKEN. */
export const GATED_CI = `name: ci
on:
  push: { branches: [main] }
  pull_request:
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: "! grep -rq BROKEN src"
      - run: until node gate.mjs; do sleep 0.1; done
`

export const GATE_SCRIPT = `const answer = await fetch('HOST_URL/gate')
process.exitCode = answer.ok ? 0 : 1
`

export const DEPLOY_SCRIPT = `import { readFileSync } from 'node:fs'
const { HOST, SHA, STATUSES, TOKEN } = process.env
const text = readFileSync('src/price.js', 'utf8')
const held = async () => text.includes('HELD') && !(await fetch(HOST + '/held')).ok
while (await held()) await new Promise((resolve) => setTimeout(resolve, 100))
const answer = await fetch(HOST + '/deploy', { method: 'POST', body: JSON.stringify({ sha: SHA, text }) })
const said = await answer.text()
if (STATUSES && !text.includes('MUTE')) {
  const headers = { authorization: 'Bearer ' + TOKEN, 'content-type': 'application/json' }
  const body = JSON.stringify({ state: answer.ok ? 'success' : 'failure', description: said })
  const reported = await fetch(STATUSES, { method: 'POST', headers, body })
  if (!reported.ok) throw new Error(await reported.text())
}
process.exitCode = answer.ok ? 0 : 1
`
