import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import nock from 'nock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { statusOf } from '../../src/github/answers.ts'
import { pauseAfter } from '../../src/github/client.ts'
import { readIssue, postComment } from '../../src/github/issues.ts'
import { github, testApp, tokens } from './app.ts'

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

const ISSUE = { title: 'x', body: null, state: 'open', labels: [] }
const PATH = '/repos/acme/shop/issues/1'
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => ({ status: statusOf(error), message: String(error) }),
  )

test('a token reaches one repository only, is asked for once, and stands in the header of every request', async () => {
  const { asked } = tokens()
  const seen: unknown[] = []
  github()
    .get(/.*/)
    .times(3)
    .reply(200, ({ headers }: Request) => {
      seen.push([headers.get('authorization'), headers.get('user-agent')])
      return ISSUE
    })
  const app = testApp()
  const shop = app.connect(3, 'acme/shop')
  await readIssue(shop, 1)
  await readIssue(shop, 2)
  await readIssue(app.connect(3, 'acme/other'), 1)
  expect(asked).toEqual([{ repositories: ['shop'] }, { repositories: ['other'] }])
  const agent = expect.stringMatching(/^pawl/)
  expect(seen).toEqual([
    ['token ghs_1', agent],
    ['token ghs_1', agent],
    ['token ghs_2', agent],
  ])
  expect(app.connect(3, 'acme/shop')).toBe(shop)
  expect(await shop.permissions()).toEqual({ contents: 'write' })
})

test('a token that is refused is replaced at the next try', async () => {
  const { asked } = tokens()
  github().get(PATH).reply(401, { message: 'Bad credentials' })
  const used: unknown[] = []
  github()
    .get(PATH)
    .reply(200, ({ headers }: Request) => {
      used.push(headers.get('authorization'))
      return ISSUE
    })
  const at = testApp().connect(3, 'acme/shop')
  expect(await failure(readIssue(at, 1))).toMatchObject({ status: 401 })
  expect(await readIssue(at, 1)).toMatchObject({ title: 'x' })
  expect(used).toEqual(['token ghs_2'])
  expect(await at.token()).toBe('ghs_2')
  expect(asked).toHaveLength(2)
})

test('a request that has no answer in time is given up, and so is one for a token', async () => {
  nock.enableNetConnect('127.0.0.1')
  let answersTokens = false
  const server = createServer((request, response) => {
    if (!answersTokens || !request.url?.endsWith('/access_tokens')) return
    const expires = new Date(Date.now() + 3_600_000).toISOString()
    const token = { token: 'ghs_1', expires_at: expires, permissions: {}, repository_selection: 'selected' }
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(token))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const at = testApp({ apiUrl: `http://127.0.0.1:${port}`, timeoutMs: 200 }).connect(3, 'acme/shop')
  const late = { message: expect.stringContaining('due to timeout') }
  expect(await failure(at.token())).toMatchObject(late)
  answersTokens = true
  expect(await failure(readIssue(at, 1))).toMatchObject(late)
  server.close()
  server.closeAllConnections()
})

test('a refusal for a secondary limit silences the whole installation until GitHub allows it again', async () => {
  tokens()
  const limited = { message: 'You have exceeded a secondary rate limit.' }
  github().post(`${PATH}/comments`).reply(403, limited, { 'retry-after': '1' })
  github().get(/.*/).times(2).reply(200, ISSUE)
  const app = testApp()
  const at = app.connect(3, 'acme/shop')
  await at.token()
  const began = performance.now()
  expect(await failure(postComment(at, 1, 'x'))).toMatchObject({ status: 403 })
  await Promise.all([readIssue(at, 1), readIssue(app.connect(3, 'acme/other'), 1)])
  expect(performance.now() - began).toBeGreaterThan(950)
})

test('the hourly limit is known from the last answer, also from a refusal', async () => {
  tokens()
  const headers = (remaining: number) => ({
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': `${remaining}`,
    'x-ratelimit-reset': '1777629600',
  })
  const at = testApp().connect(3, 'acme/shop')
  expect(at.rateLimit()).toBeNull()
  github().get(PATH).reply(200, ISSUE, headers(41))
  await readIssue(at, 1)
  expect(at.rateLimit()).toEqual({ limit: 5000, remaining: 41, reset: 1_777_629_600 })
  github().get(PATH).reply(404, { message: 'Not Found' }, headers(40))
  await failure(readIssue(at, 1))
  expect(at.rateLimit()).toMatchObject({ remaining: 40 })
})

const NOW = 1_777_000_000_000
const used = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1777000100' }
test.each([
  [200, { 'retry-after': '60' }, '', null],
  [403, { 'retry-after': '60' }, 'secondary rate limit', NOW + 60_000],
  [429, { 'retry-after': '0' }, '', NOW],
  [403, used, 'API rate limit exceeded', 1_777_000_100_000],
  [429, used, '', 1_777_000_100_000],
  [403, { ...used, 'retry-after': '5' }, '', NOW + 5_000],
  [403, { ...used, 'x-ratelimit-remaining': '9' }, 'Resource not accessible by integration', null],
  [403, {}, 'You have exceeded a secondary rate limit and have been blocked', NOW + 60_000],
  [403, { 'retry-after': 'soon' }, 'You have exceeded a secondary rate limit', NOW + 60_000],
  [429, {}, 'Too Many Requests', NOW + 60_000],
  [403, {}, 'Must have admin rights', null],
  [404, { 'retry-after': '60' }, '', null],
])('a %i with %j and %j means silence until %j', (status, headers, message, until) => {
  expect(pauseAfter(status, headers, message, NOW)).toBe(until)
})
