import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { createServer as createProbe, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { startGitHub } from '../../src/commands/embedded/embedded.ts'
import type { Identity } from '../../src/commands/embedded/identity.ts'
import { personOn, type Person } from '../../src/commands/rehearsal/people.ts'
import type { LocalGitHub } from '../../src/local-github/server.ts'
import { WEBHOOK_PATH } from '../../src/web/server.ts'
import { commitTo, pawl, startPawl, type Running } from '../support/pawl.ts'
import { change, CI, NO_DEPLOYMENT } from '../support/world.ts'

const REPO = 'acme/shop'
const at = { owner: 'acme', repo: 'shop' }
const SLOW = { timeout: 120_000 }
const dir = mkdtempSync(join(tmpdir(), 'pawl-start-'))
const running: Running[] = []
let github: LocalGitHub
let identity: Identity
let ann: Person

beforeAll(async () => {
  chmodSync(dir, 0o711)
  const origin = join(dir, 'origin')
  commitTo(origin, {
    'src/price.js': 'export const price = 1\n',
    '.github/workflows/ci.yml': CI,
    '.github/pawl.yml': NO_DEPLOYMENT,
  })
  const started = await startGitHub(join(dir, 'state'))
  github = started.github
  identity = started.identity
  await github.addRepository(REPO, { from: origin, pushedBy: 'ann' })
  await github.addUser('ann')
  await github.setCollaborator(REPO, 'ann', 'admin')
  await github.install(REPO)
  ann = await personOn(github, REPO, 'ann')
})
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  }
})
afterAll(async () => {
  await github.stop()
  rmSync(dir, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const probe = createProbe().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
function start(variables: Record<string, string>, cwd = dir): Running {
  const one = startPawl(['start'], cwd, { HOST: '127.0.0.1', ...variables })
  running.push(one)
  return one
}
const credentials = () => ({
  APP_ID: '1',
  PRIVATE_KEY: identity.privateKey,
  WEBHOOK_SECRET: identity.webhookSecret,
  GITHUB_SERVER_URL: github.url,
  PAWL_DATA: 'data',
})
const eventually = (expectation: () => Promise<void>) => vi.waitFor(expectation, { timeout: 60_000, interval: 50 })

test('without credentials the set-up page registers an app with exactly what app.yml says', SLOW, async () => {
  const home = join(dir, 'set-up')
  mkdirSync(home)
  copyFileSync(fileURLToPath(new URL('../../app.yml', import.meta.url)), join(home, 'app.yml'))
  const port = await freePort()
  const page = start({ PORT: `${port}`, NO_SMEE_SETUP: 'true' }, home)
  await page.said('Listening on')
  const html = await (await fetch(`http://127.0.0.1:${port}/`)).text()
  const manifest = JSON.parse(/id="manifest" value='([^']+)'/.exec(html)?.[1] ?? '{}') as Record<string, object>
  expect(manifest).toMatchObject({
    name: 'pawl',
    public: false,
    url: expect.stringMatching(/^https:/),
    default_permissions: { contents: 'write', administration: 'read' },
    default_events: expect.arrayContaining(['issues', 'issue_comment', 'check_suite']),
    hook_attributes: { url: `http://127.0.0.1:${port}/` },
  })
  expect(html).toContain('https://github.com/settings/apps/new')
  page.child.kill('SIGTERM')
  expect(await page.ended).toMatchObject({ status: 0, signal: null })
})

test('where the set-up page could not do its work it says what to do instead', SLOW, async () => {
  const { status, stderr } = await pawl(['start'], dir)
  expect(status).toBe(2)
  expect(stderr).toContain(
    'Set APP_ID, PRIVATE_KEY and WEBHOOK_SECRET; or, to register the app, start it in its own directory',
  )
})

test('a port in use ends the start with a remedy, and nothing of it stays behind', SLOW, async () => {
  const { status, stderr } = await start({ ...credentials(), PAWL_DATA: 'taken', PORT: `${github.port}` }).ended
  expect(status).toBe(1)
  expect(stderr).toContain('Another process uses it: set PORT to another.')
})

test(
  'stopped in the midst of an update it ends the running step and exits with 0; the next start goes on',
  SLOW,
  async () => {
    const port = await freePort()
    // The second start finds its settings in a file, as those do that the set-up page has made.
    const variables = { ...credentials(), PORT: `${port}` }
    github.setWebhookUrl(`http://127.0.0.1:${port}${WEBHOOK_PATH}`)
    const first = start(variables)
    await first.said('Pawl is running')
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)

    const issue = await ann.open({
      title: 'Raise it',
      body: change('export const price = 1', 'export const price = 2'),
    })
    await ann.label(issue, 'pawl')
    const comments = async () => (await ann.octokit.issues.listComments({ ...at, issue_number: issue })).data
    await eventually(async () => {
      expect((await comments()).map(({ body }) => body ?? '').join()).toContain('To approve')
    })
    await ann.say(issue, '/approve')
    const pulls = async () => (await ann.octokit.pulls.list({ ...at, state: 'all' })).data
    await eventually(async () => expect(await pulls()).toHaveLength(1))
    first.child.kill('SIGTERM')
    const stopped = await first.ended
    expect(stopped).toMatchObject({ status: 0, signal: null, stdout: '' })
    expect(stopped.stderr).toContain('stopping: running steps end')
    expect(stopped.stderr).not.toContain(identity.webhookSecret)
    const { state } = (await ann.octokit.issues.get({ ...at, issue_number: issue })).data
    expect(state).toBe('open')

    const lines = Object.entries(variables).map(([name, value]) => `${name}="${value}"`)
    const home = join(dir, 'second')
    mkdirSync(home)
    writeFileSync(join(home, '.env'), `${lines.join('\n')}\nPAWL_DATA=../data\n`)
    const second = start({ PAWL_DATA: '../data' }, home)
    await second.said('Pawl is running')
    await eventually(async () => {
      const { data } = await ann.octokit.issues.get({ ...at, issue_number: issue })
      expect([data.state, data.labels.map((label) => (typeof label === 'string' ? label : label.name))]).toEqual([
        'closed',
        ['pawl', 'pawl:done'],
      ])
    })
    expect(await pulls()).toHaveLength(1)
    const kinds = (await comments()).map(({ body }) => /"kind":"([a-z-]+)"/.exec(body ?? '')?.[1]).filter(Boolean)
    expect(new Set(kinds).size).toBe(kinds.length)
    const page = await (await fetch(`http://127.0.0.1:${port}/`)).text()
    expect(page).toContain('acme/shop#1')
    expect(page).toContain('succeeded')
    second.child.kill('SIGINT')
    expect(await second.ended).toMatchObject({ status: 0, signal: null })
  },
)

test('for development, webhooks come through a smee channel, and are verified like any other', SLOW, async () => {
  const listeners: ServerResponse[] = []
  const channel = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: ready\ndata: {}\n\n')
    listeners.push(response)
  }).listen(0, '127.0.0.1')
  await once(channel, 'listening')
  const { port } = channel.address() as AddressInfo
  const app = start({ ...credentials(), PORT: '0', WEBHOOK_PROXY_URL: `http://127.0.0.1:${port}/channel` })
  await app.said('Pawl is running')
  const forged = {
    body: { zen: 'x' },
    'x-github-event': 'ping',
    'x-github-delivery': 'd1',
    'x-hub-signature-256': 'sha256=0',
  }
  for (const response of listeners) response.write(`data: ${JSON.stringify(forged)}\n\n`)
  await app.said('webhook refused: its signature does not fit the webhook secret')
  app.child.kill('SIGTERM')
  expect(await app.ended).toMatchObject({ status: 0 })
  channel.close()
  channel.closeAllConnections()
})

test(
  'an app whose database dies exits for its supervisor, and the next start finds everything again',
  SLOW,
  async () => {
    const variables = { ...credentials(), PORT: '0', PAWL_DATA: 'lost' }
    const first = start(variables)
    await first.said('Pawl is running')
    const [pid = ''] = readFileSync(join(dir, 'lost/postgres/data/postmaster.pid'), 'utf8').split('\n', 1)
    process.kill(Number(pid), 'SIGKILL')
    const { status, stderr } = await first.ended
    expect(status).toBe(70)
    // Whoever hears of it first says it, in the log.
    const said = stderr
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg)
    expect(said.join('\n')).toMatch(/^(The database connection is lost|ended by an error that nobody expected)/m)
    const second = start(variables)
    await second.said('Pawl is running')
    second.child.kill('SIGTERM')
    expect(await second.ended).toMatchObject({ status: 0 })
  },
)
