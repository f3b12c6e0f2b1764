import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { until } from '../support/until.ts'
import { change, CI, place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

/** Fails on the default branch only, so that what was merged has to be taken back. */
const CI_OF_MAIN = `${CI}      - if: github.event_name == 'push'
        run: "! grep -rn ONLY_MAIN src"
`
const files = { '.github/workflows/ci.yml': CI_OF_MAIN }
const bad = change('export const price = 1', 'export const price = 2 // ONLY_MAIN')

const revertOf = async (shop: Awaited<ReturnType<typeof place>>, state: 'open' | 'all' = 'all') => {
  const { data } = await shop.as('ann').pulls.list({ ...shop.at, state })
  return data.find(({ head }) => head.ref.endsWith('-revert'))
}

describe.concurrent('SNAP-4 where the rules of the branch forbid to push to it', () => {
  test('a pull request brings the exact tree back', async () => {
    const shop = await place(world, { files })
    await world.github.protect(shop.name, 'main', { pullRequestOnly: true })
    const before = await shop.head()
    const issue = await shop.approved(bad)
    const done = await shop.over(issue)
    expect(done.outcome).toBe('rolled-back')
    expect((await shop.head()).tree).toBe(before.tree)
    expect(await revertOf(shop)).toMatchObject({
      merged_at: expect.any(String),
      head: { ref: `pawl/${done.codename}-revert` },
    })
    expect(await shop.refs('heads/')).toEqual(['refs/heads/main'])
  })

  test('it waits for the review that they ask for, and people are told', async () => {
    const shop = await place(world, { files })
    await world.github.protect(shop.name, 'main', { requiredReviews: 1 })
    const before = await shop.head()
    const issue = await shop.approved(bad)
    await shop.until(issue, ({ phase }) => phase === 'round 1')
    const { progress } = await shop.record(issue)
    await shop.as('bob').pulls.createReview({ ...shop.at, pull_number: progress?.pull ?? 0, event: 'APPROVE' })
    const revert = await until(() => revertOf(shop, 'open'))
    await shop.told(issue, { kind: 'status', text: new RegExp(`#.*${revert.number}.* takes the change back`) })
    // What people say meanwhile does not stop the way back.
    await shop.say(issue, '/cancel')
    await shop.as('bob').pulls.createReview({ ...shop.at, pull_number: revert.number, event: 'APPROVE' })
    expect((await shop.over(issue)).outcome).toBe('rolled-back')
    expect((await shop.head()).tree).toBe(before.tree)
  })

  test('or where the configuration wants a pull request', async () => {
    const config = 'deploy: { via: none }\nrollback: { branch: pull-request }\n'
    const shop = await place(world, { files, config })
    const before = await shop.head()
    const issue = await shop.approved(bad)
    expect((await shop.over(issue)).outcome).toBe('rolled-back')
    expect((await shop.head()).tree).toBe(before.tree)
    expect(await revertOf(shop)).toMatchObject({ merged_at: expect.any(String) })
  })
})
