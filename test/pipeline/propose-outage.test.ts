import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { change, NO_CHECKS, place, startWorld, type World } from '../support/world.ts'

// On a busy machine a story takes many times as long as on an idle one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const raise = change('export const price = 1', 'export const price = 2')

test('PRE-7 does not begin what the rate limit has no room for', async () => {
  const shop = await place(world, { pushed: false, config: NO_CHECKS })
  await world.github.protect(shop.name, 'main', { requiredChecks: ['test'] })
  // GitHub states the limit in the headers of every answer; this one, to the last question of pre-flight, is an ordinary no.
  const reset = String(Math.floor(Date.now() / 1000) + 1_800)
  world.github.faults.next('repos/get-branch-protection', {
    status: 404,
    headers: { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': reset },
  })
  const issue = await shop.ask(raise)
  expect((await shop.over(issue)).outcome).toBe('blocked')
  const blocked = await shop.told(issue, { kind: 'blocked' })
  expect(blocked).toContain('12 of 5000 requests are left this hour; a whole update takes 60.')
  expect(blocked).toMatch(/Comment \/retry in (29|30) min, when GitHub counts anew/)
})

test('PRE-7 waits out a GitHub that does not answer, and goes on when it does', async () => {
  const shop = await place(world, { pushed: false, config: NO_CHECKS })
  world.github.faults.next('repos/get-branch', { status: 503 })
  const issue = await shop.ask(raise)
  expect((await shop.planned(issue)).outcome).toBeNull()
})

test('PRE-7 gives up on a GitHub that stays away, and says so when it is back', async () => {
  const config = `${NO_CHECKS}validation: { round1: { timeout: 1ms } }\n`
  const shop = await place(world, { pushed: false, config })
  world.github.faults.next('repos/get-branch', { status: 502, message: 'Bad gateway' })
  const issue = await shop.ask(raise)
  expect((await shop.over(issue)).outcome).toBe('blocked')
  expect(await shop.told(issue, { kind: 'blocked' })).toContain('GitHub did not answer: Bad gateway')
})
