import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { deployByHand, deployedTo, startShopHost, type ShopHost } from '../support/shop-host.ts'
import { until } from '../support/until.ts'
import { change, place, startWorld, type Place, type World } from '../support/world.ts'

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
const files = { '.github/workflows/ci.yml': null, 'src/colour.js': 'export const colour = 1\n' }

async function shopInService(config = deployedTo(host, QUICK)) {
  const shop = await place(world, { host, files, config })
  return { shop, good: await deployByHand(shop), before: await shop.head() }
}

const undone = (shop: Place, issue: number) =>
  shop.until(issue, ({ outcome }) => outcome !== null && outcome !== 'succeeded').then(() => shop.over(issue))

describe.concurrent('MON-3 /rollback', () => {
  test('in the soak brings the old version and the exact tree back', async () => {
    const long = (repo: string) => deployedTo(host, QUICK)(repo).replace('soak: 2s', 'soak: 10m')
    const { shop, good, before } = await shopInService(long)
    const issue = await shop.approved(change('export const price = 1', 'export const price = 2'))
    await shop.until(issue, ({ phase }) => phase === 'soak')
    await shop.say(issue, '/rollback', 'bob')
    expect((await shop.over(issue)).outcome).toBe('rolled-back')
    expect((await shop.head()).tree).toBe(before.tree)
    expect(host.running(shop.at.repo)).toBe(good)
    expect(await shop.told(issue, { kind: 'failure-report' })).toContain('asked to roll back')
  })

  test('after the success does it too, opens the issue again, and lets it be retried', async () => {
    const { shop, good, before } = await shopInService()
    const issue = await shop.approved(change('export const price = 1', 'export const price = 2'))
    expect((await shop.over(issue)).outcome).toBe('succeeded')
    expect(host.running(shop.at.repo)).not.toBe(good)

    await shop.say(issue, '/rollback', 'bob')
    const done = await undone(shop, issue)
    expect(done.outcome).toBe('rolled-back')
    expect((await shop.head()).tree).toBe(before.tree)
    expect(host.running(shop.at.repo)).toBe(good)
    expect(await shop.labels(issue)).toEqual(['pawl', 'pawl:failed'])
    expect((await shop.as('ann').issues.get({ ...shop.at, issue_number: issue })).data.state).toBe('open')
    expect(await shop.refs('pawl/')).toEqual([])
    const outcomes = await world.app.audit.list({ codename: done.codename, kinds: ['outcome', 'certificate'] })
    expect(outcomes.map(({ kind, data }) => [kind, Object(data).outcome ?? Object(data).restoration])).toEqual([
      ['outcome', 'succeeded'],
      ['certificate', 'exact'],
      ['outcome', 'rolled-back'],
    ])

    // There is nothing left to undo.
    const again = await shop.say(issue, '/rollback')
    expect(await shop.reaction(again)).toBe('-1')
    await shop.say(issue, '/retry')
    await shop.until(issue, ({ attempt, phase }) => attempt === 2 && phase === 'awaiting approval')
  })

  test('when others have been deployed since, takes only its own change out of what they have', async () => {
    const { shop } = await shopInService()
    const first = await shop.approved(change('export const price = 1', 'export const price = 2'))
    expect((await shop.over(first)).outcome).toBe('succeeded')
    const second = await shop.approved(change('export const colour = 1', 'export const colour = 2', 'src/colour.js'))
    expect((await shop.over(second)).outcome).toBe('succeeded')

    await shop.say(first, '/rollback')
    expect((await undone(shop, first)).outcome).toBe('rolled-back')
    expect(await shop.text('src/price.js')).toBe('export const price = 1\n')
    expect(await shop.text('src/colour.js')).toBe('export const colour = 2\n')
    expect(host.running(shop.at.repo)).toBe((await shop.head()).commit)
  })

  test('waits for its turn behind an update that is under way', async () => {
    const { shop } = await shopInService()
    const first = await shop.approved(change('export const price = 1', 'export const price = 2'))
    expect((await shop.over(first)).outcome).toBe('succeeded')
    const second = await shop.approved(change('export const colour = 1', 'export const colour = 2', 'src/colour.js'))
    const running = await shop.until(second, ({ phase }) => phase !== 'awaiting approval' && phase !== 'queued')
    expect(running.outcome).toBeNull()
    await shop.say(first, '/rollback')
    expect((await undone(shop, first)).outcome).toBe('rolled-back')
    // What was under way had come to its own end before.
    expect((await shop.over(second)).outcome).toBe('succeeded')
    expect(await shop.text('src/price.js')).toBe('export const price = 1\n')
    expect(await shop.text('src/colour.js')).toBe('export const colour = 2\n')
    await until(async () => (await shop.refs('pawl/')).length === 0)
  })
})
