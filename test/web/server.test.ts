import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Delivery } from '../../src/web/receiver.ts'
import { startWebServer, WEBHOOK_PATH, type WebServer } from '../../src/web/server.ts'
import type { RepositoryAccuracy } from '../../src/web/accuracy-section.ts'
import type { StatusRow } from '../../src/web/status-page.ts'
import type { WeekRow } from '../../src/web/success-section.ts'

const SECRET = 'a webhook secret'

let server: WebServer
let accepted: Delivery[]
let log: { level: string; fields: object; message: string }[]
let rows: StatusRow[]
let accuracies: RepositoryAccuracy[]
let weeks: WeekRow[]
let unready: string | null
let accept: (delivery: Delivery) => Promise<boolean>

beforeEach(async () => {
  accepted = []
  log = []
  rows = []
  accuracies = []
  weeks = []
  unready = null
  accept = async (delivery) => accepted.push(delivery) > 0
  const write = (level: string) => (fields: object, message: string) => void log.push({ level, fields, message })
  server = await startWebServer(
    {
      receiver: { secret: SECRET, accept: (delivery) => accept(delivery), log: { warn: write('warn') } },
      status: {
        title: 'Pawl & co',
        recent: async () => rows,
        success: async () => weeks,
        accuracy: async () => accuracies,
      },
      unready: async () => unready,
      log: { warn: write('warn'), error: write('error') },
    },
    { host: '127.0.0.1', port: 0 },
  )
})
afterEach(() => server.stop())

const get = (path: string, init: RequestInit = {}) => fetch(server.url + path, init)
const sign = (body: string, secret = SECRET) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
const deliver = async (body: string, headers: Record<string, string> = {}) => {
  const answer = await get(WEBHOOK_PATH, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-delivery': 'd1',
      'x-github-event': 'issues',
      'x-hub-signature-256': sign(body),
      ...headers,
    },
  })
  return { status: answer.status, text: await answer.text() }
}
const BODY = '{"action":"labeled","text":"größer \\u0000"}'

test('a signed webhook is stored as it came, and answered before any work', async () => {
  expect(await deliver(BODY)).toEqual({ status: 202, text: 'Accepted.\n' })
  expect(accepted).toEqual([{ id: 'd1', event: 'issues', payload: BODY }])
  accept = async () => false
  expect(await deliver(BODY)).toEqual({ status: 202, text: 'Known already.\n' })
  expect(log).toEqual([])
})

test('an app registered through the set-up page sends its webhooks to the bare address', async () => {
  const body = '{}'
  const headers = { 'x-github-delivery': 'd1', 'x-github-event': 'ping', 'x-hub-signature-256': sign(body) }
  expect((await get('/', { method: 'POST', body, headers })).status).toBe(202)
  expect((await get('/', { method: 'POST', body })).status).toBe(400)
  expect(accepted).toHaveLength(1)
})

test.each([
  ['of another secret', { 'x-hub-signature-256': sign(BODY, 'another') }],
  ['of another body', { 'x-hub-signature-256': sign(`${BODY} `) }],
  ['that is missing', { 'x-hub-signature-256': '' }],
  ['that is no signature', { 'x-hub-signature-256': 'sha256=zz' }],
  ['by the old algorithm', { 'x-hub-signature-256': `sha1=${createHmac('sha1', SECRET).update(BODY).digest('hex')}` }],
])('a signature %s gets 401 and one line in the log, which holds no payload', async (_, headers) => {
  expect((await deliver(BODY, headers)).status).toBe(401)
  expect(accepted).toEqual([])
  expect(log).toEqual([
    {
      level: 'warn',
      fields: { delivery: 'd1', event: 'issues' },
      message: 'webhook refused: its signature does not fit the webhook secret',
    },
  ])
})

test.each(['x-github-delivery', 'x-github-event'])('a webhook without %s gets 400', async (name) => {
  expect(await deliver(BODY, { [name]: '' })).toMatchObject({ status: 400 })
  expect(accepted).toEqual([])
})

test('a form instead of JSON gets 400 and the remedy', async () => {
  const answer = await deliver('payload=%7B%7D')
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('set the content type of the webhook to application/json')
  expect(accepted).toEqual([])
})

test('a payload larger than any of GitHub gets 413, and the largest is taken', async () => {
  const most = 25 * 1024 * 1024
  const large = `"${'x'.repeat(most - 2)}"`
  expect(await deliver(large)).toMatchObject({ status: 202 })
  expect(await deliver(`${large} `)).toMatchObject({ status: 413 })
  expect(accepted.map(({ payload }) => payload.length)).toEqual([most])
})

test('a webhook that cannot be stored gets 500, so that GitHub shows it as failed and it can be sent again', async () => {
  accept = () => Promise.reject(new Error('the database is away'))
  expect(await deliver(BODY)).toMatchObject({ status: 500, text: expect.not.stringContaining('database') })
  expect(log).toMatchObject([{ level: 'error', message: 'a request failed' }])
})

test('webhooks are POSTed, and pages are only read', async () => {
  expect((await get(WEBHOOK_PATH)).status).toBe(405)
  expect((await get('/', { method: 'PUT' })).status).toBe(405)
  expect((await get('/healthz', { method: 'DELETE' })).status).toBe(405)
})

test('it is alive as long as it answers, and ready only when work can be taken', async () => {
  expect((await get('/healthz')).status).toBe(200)
  expect((await get('/readyz')).status).toBe(200)
  unready = 'The database does not answer: gone'
  expect((await get('/healthz')).status).toBe(200)
  const answer = await get('/readyz?verbose')
  expect([answer.status, await answer.text()]).toEqual([503, 'The database does not answer: gone\n'])
})

test('there is no other page, and an address that is none is no fault of ours', async () => {
  expect((await get('/nothing')).status).toBe(404)
  const path = '//'
  const { hostname, port } = new URL(server.url)
  const asked = httpRequest({ hostname, port, path }).end()
  const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }]
  answer.resume()
  expect(answer.statusCode).toBe(404)
  expect(log).toEqual([])
})

test("the status page shows each update and its phase, and a stranger's text only as text", async () => {
  const row = { repo: 'acme/shop', issue: 7, attempt: 1, codename: 'brave-otter', phase: 'soak', outcome: null }
  const phaseSince = '2026-05-01T10:00:00.000Z'
  rows = [
    { ...row, title: '<script>alert("1")</script> & \'more\'', phaseSince },
    { ...row, title: 'x', attempt: 2, outcome: '"><img src=x onerror=alert(1)>', phaseSince },
  ]
  const answer = await get('/')
  const page = await answer.text()
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(page).toContain('Pawl &amp; co')
  expect(page).toContain('brave-otter')
  expect(page).toContain('acme/shop#7 (attempt 2)')
  expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;')
  expect(page).not.toMatch(/<script|<img/)
})

test('PLAN-14 the status page shows how well plans predicted, with the error of each update over time', async () => {
  const ended = (codename: string, error: number) => ({ codename, at: 'then', error, withinP90: error < 1 })
  const overTime = [ended('brave-otter', 0.5), ended('<b>', -0.25), ended('late-lynx', 3)]
  const shares = { withinP90: 2 / 3, precision: 1, recall: 0.5 }
  accuracies = [{ repo: 'acme/shop', updates: 3, medianError: 0.5, ...shares, overTime }]
  const page = await (await get('/')).text()
  expect(page).toContain('<td>acme/shop</td><td>3</td><td>+50 %</td><td>67 %</td><td>100 %</td><td>50 %</td>')
  const bars = [...page.matchAll(/<rect class="(\w+)" x="(\d+)" y="(\d+)" width="6" height="(\d+)">/g)]
  expect(bars.map(([, ...bar]) => bar.join(' '))).toEqual(['intime 0 20 20', 'intime 8 40 10', 'late 16 0 40'])
  expect(page).toContain('<title>brave-otter, then: +50 %</title>')
  expect(page).toContain('<title>&lt;b&gt;, then: −25 %</title>')
  accuracies = []
  expect(await (await get('/')).text()).not.toContain('Plans against')
})

test('MON-4 the status page shows how updates ended, week by week', async () => {
  const week = { succeeded: 3, failed: 1, rolledBack: 0, notCarriedOut: 2, success: 0.75, took: '4 min 10 s' }
  const quiet = { succeeded: 0, failed: 0, rolledBack: 0, notCarriedOut: 1, success: null, took: '' }
  weeks = [
    { week: '2026-11-16', ...week },
    { week: '2026-11-09', ...quiet },
  ]
  const page = await (await get('/')).text()
  expect(page).toContain('<h2>Success over time</h2>')
  expect(page).toContain('<td>2026-11-16</td><td>3</td><td>1</td><td>0</td><td>2</td>')
  expect(page).toMatch(/aria-label="75 %".*75 %<\/td><td>4 min 10 s<\/td>/)
  expect(page).toContain('<td>2026-11-09</td><td>0</td><td>0</td><td>0</td><td>1</td><td></td><td></td>')
  weeks = []
  expect(await (await get('/')).text()).not.toContain('Success over time')
})

test('without updates the status page says how to begin', async () => {
  expect(await (await get('/')).text()).toContain('Put the label <code>pawl</code> on an issue.')
})

test('a port in use is refused with the remedy', async () => {
  const again = startWebServer(
    {
      receiver: { secret: SECRET, accept, log: { warn: () => {} } },
      status: { title: 'x', recent: async () => [], success: async () => [], accuracy: async () => [] },
      unready: async () => null,
      log: { warn: () => {}, error: () => {} },
    },
    { host: '127.0.0.1', port: server.port },
  )
  await expect(again).rejects.toThrow(/EADDRINUSE.*Another process uses it: set PORT to another/)
})

test('stopping lets a webhook under way be stored and answered, and takes no other', async () => {
  let store = () => {}
  let arrived = () => {}
  const stored = new Promise<void>((resolve) => (store = resolve))
  const arrival = new Promise<void>((resolve) => (arrived = resolve))
  accept = async (delivery) => {
    arrived()
    await stored
    return accepted.push(delivery) > 0
  }
  const answer = deliver(BODY)
  await arrival
  const stopped = server.stop()
  const socket = connect(server.port, '127.0.0.1')
  const [refused] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
  expect(refused.code).toBe('ECONNREFUSED')
  store()
  expect(await answer).toMatchObject({ status: 202 })
  expect(accepted).toHaveLength(1)
  await stopped
})
