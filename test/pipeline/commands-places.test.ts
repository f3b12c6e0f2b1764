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

test('a title with control characters is carried to its end, and shown without them', async () => {
  const shop = await place(world, { config: NO_CHECKS, files: { '.github/workflows/ci.yml': null } })
  const issue = await shop.ask(raise, { title: 'Raise\u0007 the\u001b[31m price\u202e\u0000 now' })
  await shop.planned(issue)
  const plan = await shop.told(issue, { kind: 'plan' })
  // oxlint-disable-next-line no-control-regex
  expect(plan).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/)
  expect(plan).toContain('There are invisible characters in the title')
  await shop.say(issue, '/approve')
  expect((await shop.over(issue)).outcome).toBe('succeeded')
  const { data } = await shop.as('ann').repos.getCommit({ ...shop.at, ref: 'main' })
  // oxlint-disable-next-line no-control-regex
  expect(data.commit.message).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/)
})

test('commands on the pull request of an update count as on its issue, and are answered there', async () => {
  const config = `${NO_CHECKS}validation: { round1: { checks: [never], appears: 60s } }\n`
  const shop = await place(world, { pushed: false, config })
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  await shop.say(issue, '/approve')
  await shop.until(issue, ({ phase }) => phase === 'round 1')
  const pull = (await shop.record(issue)).progress?.pull ?? 0
  const status = await shop.say(pull, '/status', 'rob')
  expect(await shop.told(pull, { to: status })).toContain('round 1 of validation, on the pull request')
  const no = await shop.say(pull, '/cancel', 'eve')
  expect(await shop.reaction(no)).toBe('-1')
  expect(await shop.told(pull, { to: no })).toContain('/cancel is refused')
  const yes = await shop.say(pull, '/cancel', 'bob')
  expect(await shop.reaction(yes)).toBe('+1')
  expect((await shop.over(issue)).outcome).toBe('cancelled')
})
