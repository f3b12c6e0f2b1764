import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { deployByHand, deployedTo, startShopHost, type ShopHost } from '../support/shop-host.ts'
import { rulesOf } from '../support/stopped.ts'
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

/** Checks are other tests' matter. */
const QUICK = 'preflight: { checks: false }\nvalidation: { round1: { checks: [] }, round2: { checks: [] } }\n'
const files = { '.github/workflows/ci.yml': null }

/** A good version in service, and an approved change to one that behaves as `text` says. */
async function changed(text: string, config: (repo: string) => string) {
  const shop = await place(world, { host, files, config })
  const good = await deployByHand(shop)
  const issue = await shop.approved(change('export const price = 1', `export const price = 2 // ${text}`))
  return { shop, good, issue }
}

/** So many samples in so little time that a service which answers slowly cannot give them all. */
const undecided = (inconclusive: string) => (repo: string) =>
  `deploy: { timeout: 20s }
health:
  probes: [{ name: shop, url: '${host.url}/${repo}/health', within: 500ms, interval: 500ms }]
  soak: 2500ms
  failures: 5
  margin: 1000%
  inconclusive: ${inconclusive}
${QUICK}`

describe.concurrent('MON-2 the new version is held against the old one', () => {
  test('and rolled back when it answers more slowly than the margin allows', async () => {
    const strict = (repo: string) =>
      deployedTo(host, QUICK)(repo).replace('margin: 1000%', 'margin: 20%').replace('soak: 2s', 'soak: 4s')
    const { shop, good, issue } = await changed('SLOW', strict)
    expect((await shop.over(issue)).outcome).toBe('rolled-back')
    expect(await rulesOf(shop, issue)).toEqual(['health-worse'])
    expect(host.running(shop.at.repo)).toBe(good)
  })
})

describe.concurrent('MON-2 where the samples cannot decide', () => {
  test('a person is asked, and /resume takes the new version as it is', async () => {
    const { shop, issue } = await changed('SLOW', undecided('hold'))
    await shop.until(issue, ({ phase }) => phase === 'held')
    expect(await shop.told(issue, { kind: 'ending' })).toContain('`/resume`')
    await shop.say(issue, '/resume', 'bob')
    const done = await shop.over(issue)
    expect(done.outcome).toBe('succeeded')
    expect(host.running(shop.at.repo)).toBe((await shop.head()).commit)
  })

  test('and /rollback brings the old one back', async () => {
    const { shop, good, issue } = await changed('SLOW', undecided('hold'))
    await shop.until(issue, ({ phase }) => phase === 'held')
    await shop.say(issue, '/rollback', 'bob')
    expect((await shop.over(issue)).outcome).toBe('rolled-back')
    expect(host.running(shop.at.repo)).toBe(good)
  })

  test('or the configuration decides: pass', async () => {
    const { shop, issue } = await changed('SLOW', undecided('pass'))
    expect((await shop.over(issue)).outcome).toBe('succeeded')
  })

  test('or rollback', async () => {
    const { shop, good, issue } = await changed('SLOW', undecided('rollback'))
    expect((await shop.over(issue)).outcome).toBe('rolled-back')
    expect(await rulesOf(shop, issue)).toEqual(['health-inconclusive'])
    expect(host.running(shop.at.repo)).toBe(good)
  })
})

test('MON-1 a service that the deployed one needs and that is gone after the restart takes the update back', async () => {
  const needed = createServer((_request, response) => response.writeHead(200).end()).listen(0, '127.0.0.1')
  await new Promise((resolve) => needed.once('listening', resolve))
  const { port } = needed.address() as AddressInfo
  const config = (repo: string) =>
    deployedTo(
      host,
      QUICK,
    )(repo).replace('checks: false', `checks: false, services: [{ url: 'http://127.0.0.1:${port}/', within: 2s }]`)
  const { shop, good, issue } = await changed('fine', config)
  await shop.until(issue, ({ phase }) => phase === 'deploying')
  needed.close()
  needed.closeAllConnections()
  expect((await shop.over(issue)).outcome).toBe('rolled-back')
  expect(await rulesOf(shop, issue)).toEqual(['service-down'])
  expect(host.running(shop.at.repo)).toBe(good)
})
