import nock from 'nock'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { failedDeliveries, redeliver } from '../../src/github/deliveries.ts'
import { github, testApp } from './app.ts'

beforeAll(() => nock.disableNetConnect())
afterEach(() => nock.cleanAll())
afterAll(() => {
  nock.enableNetConnect()
  nock.restore()
})

const at = (minute: number) => new Date(Date.UTC(2026, 4, 1, 10, minute)).toISOString()
const since = Date.parse(at(0))
const tried = (id: number, guid: string, minute: number, status_code = 502) => ({
  id,
  guid,
  status_code,
  delivered_at: at(minute),
  redelivery: false,
  duration: 1,
  status: 'x',
  event: 'issues',
  action: 'labeled',
  installation_id: 3,
  repository_id: 4,
  throttled_at: null,
})
const page = (cursor: string | null, body: object[], next?: string) =>
  github()
    .get('/app/hook/deliveries')
    .query({ status: 'failure', per_page: '100', ...(cursor === null ? {} : { cursor }) })
    .reply(200, body, next === undefined ? {} : { link: `<https://api.github.example${next}>; rel="next"` })

test('failed webhooks are listed by their id, the first that came first, with how often each was tried', async () => {
  page(
    null,
    [tried(9, 'b', 9), tried(8, 'a', 8), tried(7, 'b', 7)],
    '/app/hook/deliveries?status=failure&per_page=100&cursor=v1_7',
  )
  page('v1_7', [tried(6, 'a', 6), tried(5, 'c', 5, 0)])
  expect(await failedDeliveries(testApp().asApp, since)).toEqual([
    { id: 5, guid: 'c', event: 'issues', tries: 1 },
    { id: 8, guid: 'a', event: 'issues', tries: 2 },
    { id: 9, guid: 'b', event: 'issues', tries: 2 },
  ])
})

test('what is older than asked for is left out, and no page behind it is read', async () => {
  page(null, [tried(9, 'a', 1), tried(8, 'old', -1)], '/app/hook/deliveries?cursor=v1_8')
  expect(await failedDeliveries(testApp().asApp, since)).toMatchObject([{ guid: 'a' }])
})

test('a server that does not know the filter changes nothing', async () => {
  page(null, [tried(9, 'good', 9, 202), tried(8, 'bad', 8, 500)])
  expect(await failedDeliveries(testApp().asApp, since)).toMatchObject([{ guid: 'bad' }])
})

test('a delivery is asked for again by its number', async () => {
  const asked = github().post('/app/hook/deliveries/9/attempts').reply(202, {})
  await redeliver(testApp().asApp, 9)
  expect(asked.isDone()).toBe(true)
})
