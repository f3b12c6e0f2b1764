import { afterAll, beforeAll, expect, test, vi } from 'vitest'
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

/** The faults are GitHub's, not a repository's: one story after the other. */
async function approvedShop(text = 'fine') {
  const shop = await place(world, { host, config: deployedTo(host) })
  const good = await deployByHand(shop)
  const before = await shop.head()
  const issue = await shop.ask(change('export const price = 1', `export const price = 2 // ${text}`))
  await shop.planned(issue)
  return { shop, good, before, issue }
}

test('SNAP-4 an outage that outlasts every retry in the middle of a merge that came about takes the change back', async () => {
  const { shop, good, before, issue } = await approvedShop()
  // The merge happens, its answer is lost, and nothing about the pull request can be learnt for a while.
  world.github.faults.next('pulls/merge', { afterwards: true })
  world.github.faults.next('pulls/get', { status: 502, message: 'Server Error', times: 9 })
  await shop.say(issue, '/approve')
  const done = await shop.over(issue)
  expect(done.outcome).toBe('rolled-back')
  expect(await rulesOf(shop, issue)).toEqual(['internal-error'])
  expect((await shop.head()).tree).toBe(before.tree)
  expect(host.running(shop.at.repo)).toBe(good)
  const [event] = await world.app.audit.list({ codename: done.codename, kinds: ['certificate'] })
  expect(event?.data).toMatchObject({ restoration: 'exact' })
})

test('SNAP-4 the way back is tried longer than the way forward', async () => {
  const { shop, good, before, issue } = await approvedShop('SICK')
  await shop.say(issue, '/approve')
  await shop.until(issue, ({ phase }) => phase === 'deploying')
  world.github.faults.next('issues/update-comment', { status: 502, message: 'Server Error', times: 5 })
  expect((await shop.over(issue)).outcome).toBe('rolled-back')
  expect((await shop.head()).tree).toBe(before.tree)
  expect(host.running(shop.at.repo)).toBe(good)
})

test('OUT-3 a success that cannot be told stays a success', async () => {
  const { shop, issue } = await approvedShop()
  await shop.say(issue, '/approve')
  await shop.until(issue, ({ phase }) => phase === 'soak')
  world.github.faults.next('issues/update-comment', { status: 502, message: 'Server Error', times: 8 })
  expect((await shop.over(issue)).outcome).toBe('succeeded')
  expect(await shop.refs('pawl/')).toEqual([])
  expect(await shop.labels(issue)).toEqual(['pawl', 'pawl:done'])
})
