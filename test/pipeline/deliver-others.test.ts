import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { deployByHand, deployedTo, startShopHost, type ShopHost } from '../support/shop-host.ts'
import { rulesOf } from '../support/stopped.ts'
import { until } from '../support/until.ts'
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

const LATER = 'export const price = 2 // MUTE'

/** An update that stands in its deployment, which nobody will report, so that others may merge meanwhile. */
async function deploying() {
  const shop = await place(world, { host, config: deployedTo(host) })
  const good = await deployByHand(shop)
  const issue = await shop.approved(change('export const price = 1', LATER))
  await shop.until(issue, ({ phase }) => phase === 'deploying')
  return { shop, good, issue }
}

describe.concurrent('SNAP-4 when others merge while an update is under way', () => {
  test('only its change is taken back, and the certificate says so', async () => {
    const { shop, good, issue } = await deploying()
    await shop.push('src/colour.js', 'export const colour = 3\n', 'main', 'bob')
    await shop.say(issue, '/rollback')
    const done = await shop.over(issue)
    expect(done.outcome).toBe('rolled-back')
    expect(await shop.text('src/price.js')).toBe('export const price = 1\n')
    expect(await shop.text('src/colour.js')).toBe('export const colour = 3\n')
    expect(host.running(shop.at.repo)).toBe(good)
    const [event] = await world.app.audit.list({ codename: done.codename, kinds: ['certificate'] })
    expect(event?.data).toMatchObject({ restoration: 'without-change', final: await shop.head() })
    expect(await shop.told(issue, { kind: 'failure-report' })).toContain('without this change')
  })

  test('and change the same lines, nothing is tried blindly: people are called by name, and the lock stays', async () => {
    const { shop, good, issue } = await deploying()
    await shop.push('src/price.js', 'export const price = 3\n', 'main', 'bob')
    const head = await shop.head()
    await shop.say(issue, '/rollback')
    const done = await shop.over(issue)
    expect(done.outcome).toBe('rollback-failed')
    expect(await shop.head()).toEqual(head)
    expect(await rulesOf(shop, issue)).toEqual(['restore-refused'])
    // The users were brought back all the same.
    expect(host.running(shop.at.repo)).toBe(good)
    const help = await shop.told(issue, { kind: 'call-for-help' })
    expect(help).toContain('@ann')
    expect(help).toContain('src/price.js')
    expect(help).toContain('`/unlock`')
    expect(await shop.refs('pawl/lock')).toEqual(['refs/pawl/lock'])
    expect(await shop.labels(issue)).toEqual(['pawl', 'pawl:failed'])

    // Until an admin has put it right nothing else begins.
    const next = await shop.ask(change('export const price = 3', 'export const price = 4'))
    const blocked = await shop.until(next, ({ outcome }) => outcome !== null)
    expect(blocked.outcome).toBe('blocked')
    expect(await rulesOf(shop, next)).toContain('lock-held')
    await shop.say(issue, '/unlock', 'ann')
    await until(async () => (await shop.refs('pawl/lock')).length === 0)
  })
})

test('SNAP-4 a service that cannot be brought back ends as rollback-failed, with the branch as it was', async () => {
  const config = (repo: string) => deployedTo(host)(repo).replace('soak: 2s', 'soak: 10m')
  const shop = await place(world, { host, config })
  await deployByHand(shop)
  const before = await shop.head()
  const issue = await shop.approved(change('export const price = 1', 'export const price = 2'))
  await shop.until(issue, ({ phase }) => phase === 'soak')
  host.breakDown(shop.at.repo)
  expect((await shop.over(issue)).outcome).toBe('rollback-failed')
  expect(await rulesOf(shop, issue)).toEqual(['redeploy-failed', 'not-healthy'])
  expect((await shop.head()).tree).toBe(before.tree)
  expect(await shop.refs('pawl/lock')).toEqual(['refs/pawl/lock'])
  expect(await shop.told(issue, { kind: 'call-for-help' })).toContain(before.commit)
})

test('GATE2-1 what somebody merges in the very moment of the merge is found by its tree, and only the change goes', async () => {
  const shop = await place(world)
  const issue = await shop.ask(change('export const price = 1', 'export const price = 2'))
  await shop.planned(issue)
  world.github.faults.next('pulls/merge', { delayMs: 6_000 })
  await shop.say(issue, '/approve')
  await shop.until(issue, ({ phase }) => phase === 'merging')
  // The intent is written right before the request, which is held up.
  const { codename } = await shop.until(issue, () => true)
  await until(async () => {
    const intents = await world.app.audit.list({ codename, kinds: ['intent'] })
    return intents.some(({ key }) => key.includes('/merge of '))
  })
  await shop.push('src/colour.js', 'export const colour = 3\n', 'main', 'bob')
  const done = await shop.over(issue)
  expect(done.outcome).toBe('rolled-back')
  expect(await rulesOf(shop, issue)).toEqual(['tree-mismatch'])
  expect(await shop.text('src/price.js')).toBe('export const price = 1\n')
  expect(await shop.text('src/colour.js')).toBe('export const colour = 3\n')
})
