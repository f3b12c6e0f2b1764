import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { expectStopped, rulesOf } from '../support/stopped.ts'
import { change, place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const price = change('export const price = 1', 'export const price = 2')
const NO_CHECKS = `deploy: { via: none }
validation: { round1: { checks: [] } }
`

describe.concurrent('GATE1-3 people who review', () => {
  const reviewed = async (event: 'APPROVE' | 'REQUEST_CHANGES', by: 'bob' | 'eve') => {
    const shop = await place(world, { config: NO_CHECKS })
    await world.github.protect(shop.name, 'main', { requiredReviews: 1 })
    const before = await shop.head()
    const issue = await shop.approved(price)
    await shop.until(issue, ({ phase }) => phase === 'round 1')
    const { progress } = await shop.record(issue)
    const review = { ...shop.at, pull_number: progress?.pull ?? 0, event, body: 'I looked.' }
    await shop.as(by).pulls.createReview(review)
    return { shop, issue, before, review }
  }

  test('a required review is waited for, and lets the change pass', async () => {
    const { shop, issue } = await reviewed('APPROVE', 'bob')
    expect((await shop.over(issue)).outcome).toBe('succeeded')
  })

  test('requested changes stop it', async () => {
    const { shop, issue, before } = await reviewed('REQUEST_CHANGES', 'bob')
    await expectStopped(shop, issue, before, /Changes were requested/)
    expect(await rulesOf(shop, issue)).toContain('review-blocked')
  })

  test('the review of a stranger counts neither for nor against it', async () => {
    const { shop, issue, review } = await reviewed('REQUEST_CHANGES', 'eve')
    await shop.as('bob').pulls.createReview({ ...review, event: 'APPROVE' })
    expect((await shop.over(issue)).outcome).toBe('succeeded')
  })
})
