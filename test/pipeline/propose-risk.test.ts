import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { expectStopped, rulesOf } from '../support/stopped.ts'
import { change, NO_CHECKS, place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const CONFIG = `deploy: { via: none }
health: { soak: 1ms }
validation: { reviewers: [fidelity] }
preflight: { checks: false }
`
const RISK = `risk:
  own: [{ name: keys, level: high, paths: ["src/keys/**"], why: "See where the key comes from." }]
  levels: { high: { reviewers: [secrets], soak: 50ms } }
`
// Put together here, so that this file holds nothing that looks like a secret.
const KEY = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`
const leak = (path: string) => `\`\`\`js path=${path}\nexport const id = '${KEY}'\n\`\`\`\n`
const bare = { files: { '.github/workflows/ci.yml': null } }

test('PLAN-4 PLAN-11 a rule of the repository’s own decides: two approvals, a reviewer more, a longer soak', async () => {
  const shop = await place(world, { ...bare, config: CONFIG + RISK })
  const before = await shop.head()
  const issue = await shop.ask(leak('src/keys/id.js'))
  await shop.planned(issue)
  const told = await shop.told(issue, { kind: 'plan' })
  expect(told).toContain('### Risk: high')
  expect(told).toContain(
    '| keys | high | Paths change that the rule names: src/keys/id.js. | See where the key comes from. |',
  )
  expect(told).toContain('This asks for 2 approvals and a soak of 50 ms, and besides the configured reviewers secrets.')
  await shop.say(issue, '/approve', 'bob')
  expect(await shop.told(issue, { kind: 'status', text: /1 of 2 approvals/ })).toContain('1 more needed')
  await shop.say(issue, '/approve', 'ann')
  await expectStopped(shop, issue, before, /secret/i)
  expect(await rulesOf(shop, issue)).toContain('secret-found')
})

test('PLAN-4 what no rule names goes the short way', async () => {
  const shop = await place(world, { ...bare, config: CONFIG + RISK })
  const issue = await shop.approved(leak('src/other/id.js'))
  expect((await shop.over(issue)).outcome).toBe('succeeded')
  const { plan } = await shop.record(issue)
  expect([plan?.approvals.needed, plan?.health.soak, plan?.reviewers]).toEqual([1, 1, ['fidelity']])
})

test('PLAN-2 PLAN-5 what the change brings is in the plan: what its new files need, and an import that leads nowhere', async () => {
  const shop = await place(world, { ...bare, config: CONFIG })
  const offer =
    "import { price } from './price.js'\nimport { gone } from './gone.js'\nexport const offer = price - gone\n"
  const test = "import { offer } from '../src/offer.js'\nif (offer > 1) throw new Error('dear')\n"
  const whole = (path: string, text: string) => `\`\`\`js path=${path}\n${text}\`\`\`\n\n`
  const raise = change('export const price = 1', 'export const price = 2')
  const issue = await shop.ask(
    `${raise}\n# Offer\n${whole('src/offer.js', offer)}# Test\n${whole('test/offer.test.js', test)}`,
  )
  await shop.planned(issue)
  const { plan } = await shop.record(issue)
  expect(plan?.tasks.map(({ id, needs, tests }) => [id, needs, tests])).toEqual([
    [1, [], ['test/offer.test.js']],
    [2, [1], ['test/offer.test.js']],
    [3, [2], ['test/offer.test.js']],
  ])
  const rules = plan?.risk.rules.map(({ rule, why }) => [rule, why])
  expect(rules).toContainEqual(['imports-broken', 'Imports lead nowhere once it is done: src/offer.js (./gone.js).'])
  expect(rules?.map(([rule]) => rule)).not.toContain('untested')
  expect(await shop.told(issue, { kind: 'plan' })).toContain('  t1 --> t2\n  t2 --> t3\n')
})

test('GATE1-1 a plan waits for the runs of the workflows as the change leaves them', async () => {
  const shop = await place(world, { pushed: false, config: NO_CHECKS })
  const diff = `\`\`\`diff
--- a/.github/workflows/ci.yml
+++ b/.github/workflows/ci.yml
@@ -1,6 +1,5 @@
 name: ci
 on:
   push: { branches: [main] }
-  pull_request:
 jobs:
   test:
\`\`\`
`
  const issue = await shop.ask(diff)
  await shop.planned(issue)
  expect((await shop.record(issue)).plan?.checks).toMatchObject({
    round1: { mode: 'none' },
    round2: { mode: 'all', workflows: 1 },
  })
})
