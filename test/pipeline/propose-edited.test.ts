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
type Shop = Awaited<ReturnType<typeof place>>

/** A repository without workflows, so that an update needs no checks and is carried out at once. */
const bare = { config: NO_CHECKS, files: { '.github/workflows/ci.yml': null } }

async function digestOf(shop: Shop, issue: number): Promise<string> {
  return (await shop.record(issue)).plan?.digest ?? ''
}

test('PLAN-12 makes the plan anew when the issue is edited while it waits, and takes no approval of the old one', async () => {
  const shop = await place(world, bare)
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  const old = (await digestOf(shop, issue)).slice(0, 12)
  const body = change('export const price = 1', 'export const price = 3')
  await shop.as('ann').issues.update({ ...shop.at, issue_number: issue, body })
  await shop.planned(issue, 2)
  const plan = await shop.told(issue, { kind: 'plan', text: /revision 2/ })
  expect(plan).toContain('- @&#8203;ann edited the issue.')
  expect(plan).toContain('- The text of the request was edited.')
  // Nobody had approved anything yet.
  expect(plan).not.toContain('approval is void')

  const late = await shop.say(issue, `/approve ${old}`)
  expect(await shop.reaction(late)).toBe('-1')
  const why = await shop.told(issue, { to: late })
  const now = (await digestOf(shop, issue)).slice(0, 12)
  expect(why).toContain(`The digest ${old} is not that of the current plan, which is ${now}.`)
  expect(why).toContain(`comment /approve ${now}`)
  await shop.say(issue, `/approve ${now}`)
  expect((await shop.over(issue)).outcome).toBe('succeeded')
  expect(await shop.text('src/price.js')).toBe('export const price = 3\n')
})

test('PLAN-12 says that a first of two approvals is void when the issue is edited', async () => {
  const shop = await place(world, { ...bare, config: `${NO_CHECKS}approval: { count: { medium: 2 } }\n` })
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  await shop.say(issue, '/approve', 'bob')
  await shop.told(issue, { kind: 'status', text: /1 of 2 approvals/ })
  await shop.as('ann').issues.update({ ...shop.at, issue_number: issue, title: 'Another title' })
  await shop.planned(issue, 2)
  const plan = await shop.told(issue, { kind: 'plan', text: /revision 2/ })
  expect(plan).toContain('the earlier approval is void')
  expect((await shop.record(issue)).approvals).toEqual([])
  const status = await shop.told(issue, { kind: 'status', text: /Another title/ })
  expect(status).not.toContain('1 of 2')
})
