import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { change, place, startWorld, type World } from '../support/world.ts'

// On a busy machine a story takes many times as long as on an idle one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

test('a labelled issue becomes a merged change: PLAN-11 EXEC-1 GATE1-1 GATE2-3 OUT-3', async () => {
  const shop = await place(world)
  await shop.settle()
  const before = await shop.head()
  const issue = await shop.ask(`Raise it.\n\n${change('export const price = 1', 'export const price = 2')}`)
  const planned = await shop.planned(issue)
  expect(planned.phase).toBe('awaiting approval')
  await shop.say(issue, '/approve')
  const done = await shop.over(issue)
  expect(done.outcome).toBe('succeeded')
  await shop.settle()

  expect(await shop.text('src/price.js')).toBe('export const price = 2\n')
  expect(await shop.labels(issue)).toEqual(['pawl', 'pawl:done'])
  const { snapshot } = (await shop.record(issue)).progress ?? {}
  expect(snapshot).toMatchObject(before)
  expect(await shop.refs('heads/pawl/')).toEqual([])
  expect(await shop.refs('pawl/')).toEqual([])
  expect((await shop.comments(issue)).at(0)?.body).toMatch(/^<!-- pawl \{.*"kind":"status"/)
})
