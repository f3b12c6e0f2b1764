import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { clone } from '../support/clone.ts'
import { GATE_SCRIPT, GATED_CI, startShopHost, type ShopHost } from '../support/shop-host.ts'
import { expectStopped, rulesOf } from '../support/stopped.ts'
import { change, NO_DEPLOYMENT, place, startWorld, type World } from '../support/world.ts'

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

/** An update whose round 1 stands still until the gate is opened. */
async function inRoundOne(text = 'export const price = 2') {
  const files = {
    '.github/workflows/ci.yml': GATED_CI,
    'gate.mjs': GATE_SCRIPT,
    '.github/workflows/deploy.yml': null,
  }
  const shop = await place(world, { config: NO_DEPLOYMENT, host, files })
  const before = await shop.head()
  const issue = await shop.ask(change('export const price = 1', text))
  await shop.planned(issue)
  host.gate(shop.at.repo, false)
  await shop.say(issue, '/approve')
  await shop.until(issue, ({ phase }) => phase === 'round 1')
  const pull = (await shop.record(issue)).progress?.pull ?? 0
  const { codename } = await shop.until(issue, () => true)
  return { shop, issue, before, pull, codename, open: () => host.gate(shop.at.repo, true) }
}

describe.concurrent('GATE1-4 head and base are still those that were checked:', () => {
  test('when the default branch moved, the branch catches up and round 1 begins again', async () => {
    const { shop, issue, pull, open } = await inRoundOne()
    await shop.push('src/colour.js', 'export const colour = 3\n', 'main', 'bob')
    open()
    expect((await shop.over(issue)).outcome).toBe('succeeded')
    expect(await shop.text('src/price.js')).toBe('export const price = 2\n')
    expect(await shop.text('src/colour.js')).toBe('export const colour = 3\n')
    const { phases, progress } = await shop.record(issue)
    expect(phases.filter(({ name }) => name === 'round 1')).toHaveLength(2)
    expect(progress?.merged?.tree).toBe(progress?.checked?.mergeTree)
    const { data: commits } = await shop.as('ann').pulls.listCommits({ ...shop.at, pull_number: pull })
    expect(commits.at(-1)?.parents).toHaveLength(2)
  })

  test('when it moved against the change, the conflict stops the update', async () => {
    const { shop, issue, open } = await inRoundOne()
    await shop.push('src/price.js', 'export const price = 7\n', 'main', 'bob')
    const moved = await shop.head()
    open()
    expect((await shop.over(issue)).outcome).toBe('failed')
    expect(await rulesOf(shop, issue)).toContain('merge-conflict')
    expect(await shop.head()).toEqual(moved)
  })

  test('when somebody pushes to the update’s branch, it stops at once, and their commit is left to them', async () => {
    const { shop, issue, before, codename, open } = await inRoundOne()
    await shop.push('src/mine.js', 'export const mine = 1\n', `pawl/${codename}`, 'bob')
    expect((await shop.over(issue)).outcome).toBe('failed')
    expect(await rulesOf(shop, issue)).toContain('head-moved')
    expect(await shop.head()).toEqual(before)
    expect(await shop.text('src/mine.js', `pawl/${codename}`)).toBe('export const mine = 1\n')
    open()
  })

  test('when the default branch is force-pushed, it stops', async () => {
    const { shop, issue, open } = await inRoundOne()
    const own = await clone(world, shop)
    await own.git('commit', '--quiet', '--amend', '--message=Begin otherwise')
    await own.git('push', '--quiet', '--force', 'origin', 'main')
    const moved = await shop.head()
    open()
    expect((await shop.over(issue)).outcome).toBe('failed')
    expect(await rulesOf(shop, issue)).toContain('base-force-pushed')
    expect(await shop.head()).toEqual(moved)
  })

  test('when a person closes the pull request, it stops at once', async () => {
    const { shop, issue, before, pull, open } = await inRoundOne()
    await shop.as('bob').pulls.update({ ...shop.at, pull_number: pull, state: 'closed' })
    await expectStopped(shop, issue, before, /closed without a merge/)
    expect(await rulesOf(shop, issue)).toContain('pull-request-closed')
    open()
  })
})

describe.concurrent('GATE1-5 a pull request that a person merges before round 1 is over', () => {
  test('goes on to round 2 when what was merged passes', async () => {
    const { shop, issue, pull, open } = await inRoundOne()
    await shop.as('mia').pulls.merge({ ...shop.at, pull_number: pull, merge_method: 'squash' })
    open()
    expect((await shop.over(issue)).outcome).toBe('succeeded')
    expect((await shop.record(issue)).progress?.merged?.commit).toBe((await shop.head()).commit)
  })

  test('is taken back when it does not', async () => {
    const { shop, issue, before, pull, open } = await inRoundOne('export const price = BROKEN')
    await shop.as('mia').pulls.merge({ ...shop.at, pull_number: pull, merge_method: 'squash' })
    open()
    expect((await shop.over(issue)).outcome).toBe('rolled-back')
    expect((await shop.head()).tree).toBe(before.tree)
  })
})
