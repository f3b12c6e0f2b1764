import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Octokit } from '@octokit/rest'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { inbox, type Delivery, type Inbox } from '../../src/audit/inbox.ts'
import { startGitHub } from '../../src/commands/embedded/embedded.ts'
import { createGitHubApp, type GitHubApp } from '../../src/github/client.ts'
import type { LocalGitHub } from '../../src/local-github/server.ts'
import { catchUp } from '../../src/main/catch-up.ts'
import { startWebServer, WEBHOOK_PATH, type WebServer } from '../../src/web/server.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { silent } from '../support/logger.ts'

let dir: string
let database: TestDatabase
let github: LocalGitHub
let app: GitHubApp
let deliveries: Inbox
let secret: string
let port: number
let web: WebServer | null = null
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pawl-catch-up-'))
  database = await testDatabase()
  deliveries = inbox(database.pool)
  const started = await startGitHub(dir)
  github = started.github
  const { privateKey, webhookSecret } = started.identity
  secret = webhookSecret
  app = createGitHubApp({ appId: 1, privateKey, apiUrl: github.apiUrl, userAgent: 'pawl', timeoutMs: 5_000 })
  await github.addRepository('acme/shop')
  await github.addUser('ann')
  await github.setCollaborator('acme/shop', 'ann', 'admin')
  await github.install('acme/shop')
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  port = (probe.address() as AddressInfo).port
  probe.close()
  // Nobody listens there: what GitHub sends is refused.
  github.setWebhookUrl(`http://127.0.0.1:${port}${WEBHOOK_PATH}`)
})
afterAll(async () => {
  await web?.stop()
  await github.stop()
  await database.drop()
  await rm(dir, { recursive: true, force: true })
})

const came = async () => {
  const { rows } = await database.pool.query<{ event: string; payload: string }>(
    `SELECT event, payload FROM pawl.deliveries WHERE event LIKE 'issue%' ORDER BY position`,
  )
  return rows.map(({ event, payload }) => `${event} ${(JSON.parse(payload) as { action: string }).action}`)
}

test('webhooks that came while the app was down are asked for again at its start, in their order and once', async () => {
  const ann = new Octokit({ baseUrl: github.apiUrl, auth: await github.personalToken('ann') })
  const at = { owner: 'acme', repo: 'shop', issue_number: 1 }
  await ann.issues.create({ ...at, title: 'Change it' })
  await ann.issues.addLabels({ ...at, labels: ['pawl'] })
  await ann.issues.createComment({ ...at, body: '/approve' })
  await github.idle()
  expect(await came()).toEqual([])
  await deliveries.accept({ id: randomUUID(), event: 'ping', payload: '{}' })

  const receiver = { secret, accept: (delivery: Delivery) => deliveries.accept(delivery), log: silent }
  const status = { title: 'Pawl', recent: async () => [], success: async () => [], accuracy: async () => [] }
  web = await startWebServer({ receiver, status, unready: async () => null, log: silent }, { host: '127.0.0.1', port })
  const looking = catchUp(app.asApp, deliveries, silent)
  const expected = ['issues labeled', 'issue_comment created']
  await vi.waitFor(async () => expect(await came()).toEqual(expect.arrayContaining(expected)), { timeout: 10_000 })
  await looking.stop()
  await github.idle()
  const all = await came()
  expect(all.filter((each) => expected.includes(each))).toEqual(expected)

  // The next start finds nothing missing, although the log still names the failures.
  const asked = github.traffic().byOperation['apps/redeliver-webhook-delivery']
  await catchUp(app.asApp, deliveries, silent).stop()
  expect(github.traffic().byOperation['apps/redeliver-webhook-delivery']).toBe(asked)
  expect(await came()).toEqual(all)
})

test('what is refused every time is not asked for without end', async () => {
  await web?.stop()
  web = null
  const ann = new Octokit({ baseUrl: github.apiUrl, auth: await github.personalToken('ann') })
  await ann.issues.update({ owner: 'acme', repo: 'shop', issue_number: 1, state: 'closed' })
  await github.idle()
  const asked = () => github.traffic().byOperation['apps/redeliver-webhook-delivery'] ?? 0
  const before = asked()
  const starts: number[] = []
  for (let start = 1; start <= 6; start++) {
    await catchUp(app.asApp, deliveries, silent).stop()
    await github.idle()
    starts.push(asked() - before)
  }
  expect(starts[0]).toBeGreaterThan(0)
  // Five tries in all, the first by GitHub itself.
  expect(starts.map((count) => count / (starts[0] ?? 1))).toEqual([1, 2, 3, 4, 4, 4])
})

test('a new app, which has missed nothing, does not ask at once', async () => {
  const fresh = await testDatabase()
  const listed = () => github.traffic().byOperation['apps/list-webhook-deliveries'] ?? 0
  const before = listed()
  await catchUp(app.asApp, inbox(fresh.pool), silent).stop()
  expect(listed()).toBe(before)
  await fresh.drop()
})
