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

test('PLAN-12 keeps an approval when the base moved without touching the plan', async () => {
  const shop = await place(world, bare)
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  const digest = await digestOf(shop, issue)
  await shop.push('README.md', '# the shop\n')
  const { commit } = await shop.head()
  await shop.say(issue, '/approve')
  expect((await shop.over(issue)).outcome).toBe('succeeded')
  const { order } = await shop.record(issue)
  expect(order?.plan.digest).toBe(digest)
  expect(await shop.text('README.md')).toBe('# the shop\n')
  expect(await shop.text('src/price.js')).toBe('export const price = 2\n')
  const { data } = await shop.as('ann').repos.getCommit({ ...shop.at, ref: 'main' })
  expect(data.parents.map(({ sha }) => sha)).toEqual([commit])
})

test('PLAN-12 voids an approval when the base moved and touches the plan, says what moved, and waits again', async () => {
  const shop = await place(world, bare)
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  await shop.push('src/shop.js', "import { price } from './price.js'\nexport const shop = () => 2 * price\n")
  await shop.say(issue, '/approve')
  await shop.planned(issue, 2)
  const plan = await shop.told(issue, { kind: 'plan', text: /revision 2/ })
  expect(plan).toContain('the earlier approval is void, because what it was given for has changed')
  expect(plan).toContain('src/shop.js, which depends on what the plan changes, was changed by others.')
  expect(plan).toMatch(/- Base commit: `[0-9a-f]{12}` → `[0-9a-f]{12}`/)
  expect(await shop.labels(issue)).toEqual(['pawl', 'pawl:planned'])
  expect(await shop.refs('pawl/')).toEqual([])
  expect(await shop.text('src/price.js')).toBe('export const price = 1\n')

  await shop.say(issue, '/approve')
  expect((await shop.over(issue)).outcome).toBe('succeeded')
  expect(await shop.text('src/shop.js')).toContain('2 * price')
})

test('PLAN-12 voids an approval when the settings changed that decide how the plan is carried out, and only then', async () => {
  const shop = await place(world, bare)
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  await shop.push('.github/pawl.yml', `${NO_CHECKS}merge: { method: rebase }\n`)
  await shop.say(issue, '/approve')
  await shop.planned(issue, 2)
  expect(await shop.told(issue, { kind: 'plan', text: /revision 2/ })).toContain('the earlier approval is void')

  await shop.push('.github/pawl.yml', `${NO_CHECKS}merge: { method: rebase }\ntheme: space\n`)
  await shop.say(issue, '/approve')
  expect((await shop.over(issue)).outcome).toBe('succeeded')
})

test('PLAN-12 does not carry out under a configuration that became invalid after the approval', async () => {
  const shop = await place(world, bare)
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  await shop.push('.github/pawl.yml', `${NO_CHECKS}merge: { methd: rebase }\n`)
  await shop.say(issue, '/approve')
  expect((await shop.over(issue)).outcome).toBe('blocked')
  expect(await shop.told(issue, { kind: 'config-faults' })).toContain('methd is not a setting here')
  expect(await shop.text('src/price.js')).toBe('export const price = 1\n')
  expect(await shop.refs('pawl/')).toEqual([])
})

test('PLAN-12 asks again when others made the same change meanwhile, or rewrote the branch', async () => {
  const shop = await place(world, bare)
  const [same, other] = [await shop.ask(raise), await shop.ask('```txt path=docs/a.txt\na\n```\n')]
  await shop.planned(same)
  await shop.planned(other)
  await shop.push('src/price.js', 'export const price = 2\n')
  await shop.say(same, '/approve')
  expect((await shop.over(same)).outcome).toBe('needs-info')
  expect(await shop.told(same, { kind: 'questions' })).toContain('the diff does not apply')

  const before = await shop.head()
  const { data } = await shop.as('ann').git.createCommit({ ...shop.at, message: 'Begin anew', tree: before.tree })
  await shop.as('ann').git.updateRef({ ...shop.at, ref: 'heads/main', sha: data.sha, force: true })
  await shop.say(other, '/approve')
  await shop.planned(other, 2)
  expect(await shop.told(other, { kind: 'plan', text: /revision 2/ })).toContain('The branch main was force-pushed.')
})
