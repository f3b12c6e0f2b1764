import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Certificate } from '../../src/model.ts'
import { deployedTo, startShopHost, type ShopHost } from '../support/shop-host.ts'
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

const price = (to: string, from = 'export const price = 1') => change(from, `export const price = ${to}`)

const certificateOf = async (codename: string) => {
  const [event] = await world.app.audit.list({ codename, kinds: ['certificate'] })
  return event?.data as unknown as Certificate
}

test.concurrent('OUT-2 through a release of the merged commit, and one more on the way back', async () => {
  const config = `deploy: { via: release, release: { tag: 'v-{codename}' } }
health: { probes: [{ name: shop, url: '${host.url}/nowhere/health', within: 1s, interval: 1s }], soak: 1s, failures: 1 }
${QUICK}`
  const shop = await place(world, { config, files: { '.github/workflows/ci.yml': null } })
  const before = await shop.head()
  const issue = await shop.approved(price('2'))
  // Nobody serves it, so the soak fails after the release is out.
  const done = await shop.over(issue)
  expect(done.outcome).toBe('rolled-back')
  const { data: releases } = await shop.as('ann').repos.listReleases(shop.at)
  const { merged } = (await shop.record(issue)).progress ?? {}
  const tags = new Map<string, string>()
  for (const { tag_name: tag } of releases) {
    const { data } = await shop.as('ann').git.getRef({ ...shop.at, ref: `tags/${tag}` })
    tags.set(tag, data.object.sha)
  }
  expect(Object.fromEntries(tags)).toEqual({
    [`v-${done.codename}`]: merged?.commit,
    [`v-${done.codename}-rollback`]: before.commit,
  })
  expect((await shop.head()).tree).toBe(before.tree)
})

describe.concurrent('the first deployment of all, when it is taken back', () => {
  const files = { '.github/workflows/ci.yml': null }

  test('leaves the base in service, as nothing better is known', async () => {
    const shop = await place(world, { host, files, config: deployedTo(host, QUICK) })
    const before = await shop.head()
    const done = await shop.over(await shop.approved(price('2 // SICK')))
    expect(done.outcome).toBe('rolled-back')
    expect(host.running(shop.at.repo)).toBe(before.commit)
    expect(await certificateOf(done.codename)).toMatchObject({
      restoration: 'exact',
      deployed: { sha: before.commit, state: 'success' },
    })
  })

  test('leaves nothing where nobody deploys at all, and does not wait for anybody once more', async () => {
    const config = (repo: string) => deployedTo(host, QUICK)(repo).replace('timeout: 20s', 'timeout: 2s')
    const shop = await place(world, { host, config, files: { ...files, '.github/workflows/deploy.yml': null } })
    const before = await shop.head()
    const issue = await shop.approved(price('2'))
    const done = await shop.over(issue)
    expect(done.outcome).toBe('rolled-back')
    expect(await rulesOf(shop, issue)).toEqual(['deployment-timed-out'])
    expect((await shop.head()).tree).toBe(before.tree)
    const { data } = await shop.as('ann').repos.listDeployments(shop.at)
    expect(data).toHaveLength(1)
    expect((await certificateOf(done.codename)).deployed).toBeNull()
  })

  test('ends well although the base cannot be deployed, where the update was never in service either', async () => {
    const refusing = { ...files, 'src/price.js': 'export const price = 1 // REFUSED\n' }
    const shop = await place(world, { host, files: refusing, config: deployedTo(host, QUICK) })
    const issue = await shop.approved(price('2 // REFUSED', 'export const price = 1 // REFUSED'))
    const done = await shop.over(issue)
    expect(done.outcome).toBe('rolled-back')
    expect((await certificateOf(done.codename)).deployed).toBeNull()
    expect(await shop.told(issue, { kind: 'failure-report' })).toContain(
      'The deployment of the last good commit failed',
    )
  })
})

test.concurrent('OUT-1 people are told of the restart before it begins', async () => {
  const shop = await place(world, {
    host,
    files: { '.github/workflows/ci.yml': null },
    config: deployedTo(host, QUICK),
  })
  const issue = await shop.approved(price('2 // MUTE'))
  // Nobody reports this one, so its announcement stays to be read.
  expect(await shop.told(issue, { kind: 'status', text: /▶ \*\*deployment\*\*/ })).toContain('restart')
  await shop.say(issue, '/rollback')
  expect((await shop.over(issue)).outcome).toBe('rolled-back')
})
