import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { change, CI, place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const HELD = `deploy: { via: none }
health: { soak: 1ms }
validation: { round1: { checks: [gate] }, round2: { checks: [] } }
preflight: { checks: false }
`

/** A check that nobody reports until a person runs the workflow: round 1 stands still for as long as a test wants. */
const GATE = `name: gate
on: { push: { branches: [open] } }
jobs:
  gate:
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
`

const files = {
  '.github/workflows/gate.yml': GATE,
  'src/colour.js': 'export const colour = 1\n',
  'src/size.js': 'export const size = 1\n',
}
const price = change('export const price = 1', 'export const price = 2')
const colour = change('export const colour = 1', 'export const colour = 2', 'src/colour.js')
const size = change('export const size = 1', 'export const size = 2', 'src/size.js')

const inRoundOne = ({ phase }: { phase: string }) => phase === 'round 1'
const waiting = ({ phase }: { phase: string }) => phase === 'queued'

test.concurrent('QUEUE-1 QUEUE-4 updates of a repository go in order of approval, whose places are shown, and others go beside', async () => {
  const shop = await place(world, { config: HELD, files })
  const first = await shop.ask(price)
  const second = await shop.ask(colour)
  const third = await shop.ask(size)
  for (const issue of [first, second, third]) await shop.planned(issue)
  // Not the order in which they were opened.
  await shop.say(third, '/approve')
  const held = await shop.until(third, inRoundOne)
  await shop.say(second, '/approve')
  const next = await shop.until(second, waiting)
  await shop.say(first, '/approve')
  await shop.until(first, waiting)

  const place3 = new RegExp(`3 of 3, after \`${held.codename}\` and \`${next.codename}\``)
  await shop.told(first, { kind: 'status', text: place3 })
  const asked = await shop.say(first, '/status', 'rob')
  expect(await shop.told(first, { to: asked })).toMatch(place3)
  await shop.told(second, { kind: 'status', text: /2 of \d, after/ })

  // Another repository does not wait for this one.
  const other = await place(world)
  expect((await other.over(await other.approved(price))).outcome).toBe('succeeded')
  expect((await shop.until(third, () => true)).phase).toBe('round 1')

  await shop.say(third, '/cancel')
  expect((await shop.over(third)).outcome).toBe('cancelled')
  // A cancelled one is no failure: who waits behind it moves up.
  await shop.until(second, inRoundOne)
  await shop.told(first, { kind: 'status', text: /2 of 2, after/ })
  await shop.say(second, '/cancel')
  await shop.until(first, inRoundOne)
  await shop.say(first, '/cancel')
  await shop.over(first)
})

test.concurrent('QUEUE-2 QUEUE-3 a failure clears the queue, each is told by itself, and /retry begins again from the start', async () => {
  const slow = CI.replace('grep', 'sleep 1; ! grep').replace('! sleep', 'sleep')
  const shop = await place(world, {
    files: { ...files, '.github/workflows/gate.yml': null, '.github/workflows/ci.yml': slow },
  })
  const failing = await shop.ask(change('export const price = 1', 'export const price = BROKEN'))
  const second = await shop.ask(colour)
  const third = await shop.ask(size)
  for (const issue of [failing, second, third]) await shop.planned(issue)
  await shop.say(failing, '/approve')
  const failed = await shop.until(failing, ({ phase }) => phase !== 'awaiting approval' && phase !== 'queued')
  await shop.say(second, '/approve')
  await shop.until(second, waiting)
  await shop.say(third, '/approve')
  const cleared = await shop.until(third, waiting)

  expect((await shop.over(failing)).outcome).toBe('failed')
  for (const [issue, position] of [
    [second, 2],
    [third, 3],
  ] as const) {
    expect((await shop.over(issue)).outcome).toBe('cleared')
    const receipt = await shop.told(issue, { kind: 'receipt' })
    expect(receipt).toContain(`\`${failed.codename}\` (issue #${failing}) ended as failed`)
    expect(receipt).toContain(`number ${position} in the queue`)
    expect(receipt).toContain('`/retry`')
    expect(await shop.labels(issue)).toEqual(['pawl'])
  }
  expect(await shop.told(failing, { kind: 'failure-report' })).toContain(`\`${cleared.codename}\`, issue #${third}`)

  await shop.say(third, '/retry', 'bob')
  const again = await shop.until(third, ({ attempt, phase }) => attempt === 2 && phase === 'awaiting approval')
  expect(again.codename).not.toBe(cleared.codename)
  await shop.say(third, '/approve')
  expect((await shop.over(third)).outcome).toBe('succeeded')
  expect(await shop.text('src/size.js')).toBe('export const size = 2\n')
  expect((await shop.record(third)).phases[0]?.name).toBe('preflight')
})

test.concurrent('QUEUE-2 a queue that is kept goes on after a failure', async () => {
  const config = 'deploy: { via: none }\nqueue: { onFailure: keep }\n'
  const shop = await place(world, { config, files: { 'src/colour.js': 'export const colour = 1\n' } })
  const failing = await shop.ask(change('export const price = 1', 'export const price = BROKEN'))
  const second = await shop.ask(colour)
  for (const issue of [failing, second]) await shop.planned(issue)
  await shop.say(failing, '/approve')
  await shop.until(failing, ({ phase }) => phase !== 'awaiting approval')
  await shop.say(second, '/approve')
  expect((await shop.over(failing)).outcome).toBe('failed')
  expect((await shop.over(second)).outcome).toBe('succeeded')
})
