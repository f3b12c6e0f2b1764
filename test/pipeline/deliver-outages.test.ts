import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { OperationId } from '../../src/local-github/openapi/operations.ts'
import { deployByHand, deployedTo, startShopHost, type ShopHost } from '../support/shop-host.ts'
import { change, place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let world: World
let host: ShopHost
beforeAll(async () => {
  world = await startWorld()
  host = await startShopHost()
})
afterAll(async () => {
  await world.close()
  await host.close()
})

/** The faults are GitHub's, not a repository's: one story after the other. */
async function approvedShop(text = 'fine') {
  const shop = await place(world, { host, config: deployedTo(host) })
  const good = await deployByHand(shop)
  const before = await shop.head()
  const issue = await shop.ask(change('export const price = 1', `export const price = 2 // ${text}`))
  await shop.planned(issue)
  return { shop, good, before, issue }
}

const WRITES: OperationId[] = [
  'issues/update-comment',
  'pulls/create',
  'checks/create',
  'pulls/merge',
  'repos/create-deployment',
  'issues/update',
]

/** What must be there once, and not twice. */
async function expectNothingDoubled(shop: Awaited<ReturnType<typeof place>>, issue: number) {
  const own = (await shop.comments(issue)).filter(({ login }) => login === 'pawl[bot]')
  const kinds = own.map(({ body }) => /"kind":"([a-z-]+)"/.exec(body)?.[1])
  expect(new Set(kinds).size).toBe(kinds.length)
  const { data: pulls } = await shop.as('ann').pulls.list({ ...shop.at, state: 'all' })
  expect(pulls).toHaveLength(1)
  const { progress } = await shop.record(issue)
  for (const ref of [progress?.head?.commit, progress?.merged?.commit]) {
    const { data } = await shop.as('ann').checks.listForRef({ ...shop.at, ref: ref ?? '', filter: 'all' })
    expect(data.check_runs.filter(({ app }) => app?.slug === 'pawl')).toHaveLength(1)
  }
}

test('GATE-5 a GitHub that answers 500 and 502 here and there delays an update, and doubles nothing', async () => {
  const { shop, issue } = await approvedShop()
  for (const operation of WRITES) {
    world.github.faults.next(operation, { status: operation === 'pulls/merge' ? 500 : 502, message: 'Server Error' })
  }
  world.github.faults.next('checks/list-for-ref', { status: 502, message: 'Server Error' })
  await shop.say(issue, '/approve')
  expect((await shop.over(issue)).outcome).toBe('succeeded')
  expect(host.running(shop.at.repo)).toBe((await shop.head()).commit)
  await expectNothingDoubled(shop, issue)
})

test('EXEC-4 an answer that is lost after the work was done is looked up, and nothing is done twice', async () => {
  const { shop, issue } = await approvedShop()
  for (const operation of ['pulls/create', 'checks/create', 'pulls/merge', 'repos/create-deployment'] as const) {
    world.github.faults.next(operation, { afterwards: true })
  }
  await shop.say(issue, '/approve')
  expect((await shop.over(issue)).outcome).toBe('succeeded')
  await expectNothingDoubled(shop, issue)
  const { data: deployments } = await shop.as('ann').repos.listDeployments({ ...shop.at, task: 'pawl' })
  expect(deployments).toHaveLength(1)
  expect(await world.app.audit.verify()).toMatchObject({ verified: true })
})

test('PRE-7 a secondary rate limit is waited out, and is never taken for a refusal', async () => {
  const { shop, issue } = await approvedShop()
  const limit = { status: 403, message: 'You have exceeded a secondary rate limit.', headers: { 'retry-after': '1' } }
  world.github.faults.next('pulls/merge', limit)
  world.github.faults.next('repos/create-deployment', { ...limit, status: 429 })
  await shop.say(issue, '/approve')
  expect((await shop.over(issue)).outcome).toBe('succeeded')
})
