import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startModelServer, type ModelServer } from '../support/model-server.ts'
import { change, NO_DEPLOYMENT, place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
let model: ModelServer
beforeAll(async () => {
  const edit = { tool: 'edit', input: { path: 'src/price.js', before: 'price = 1', after: 'price = 2' } }
  model = await startModelServer([{ calls: [edit] }, { say: 'The price is 2.' }])
  const servers = { scripted: { api: 'anthropic' as const, url: model.url, key: 'sk-key' } }
  // One try of the scripted model takes 240 tokens.
  world = await startWorld({ agents: { keys: [], servers }, quota: { updates: 2, tokens: 200, usd: null } })
})
afterAll(async () => {
  await world.close()
  await model.close()
})

const CONFIG = `${NO_DEPLOYMENT}preflight: { checks: false }
validation: { round1: { checks: [] }, round2: { checks: [] } }
agents: [{ use: patch }, { use: model, model: "scripted:x" }]
`

test('PRE-2 a repository that has used its day asks no model and begins nothing more, and is told what to do', async () => {
  const shop = await place(world, { config: CONFIG })
  const first = await shop.approved('Raise the price in `src/price.js`.')
  const { codename, outcome } = await shop.over(first)
  expect(outcome).toBe('succeeded')
  const spent = await world.app.audit.list({ codename, kinds: ['model spending'] })
  expect(spent.map(({ data }) => data)).toEqual([{ tokens: 240, usd: 0 }])

  await shop.push('.github/pawl.yml', `${CONFIG}planner: { use: model, model: "scripted:x" }\n`)
  const second = await shop.approved('Raise the price in `src/price.js` again.')
  expect((await shop.over(second)).outcome).toBe('failed')
  expect((await shop.record(second)).findings).toMatchObject([
    { rule: 'quota-reached', message: expect.stringContaining('200 tokens of models in a day') },
  ])
  const told = await shop.told(second, { kind: 'plan' })
  expect(told).toMatch(/gave no plan: .*200 tokens of models/)
  expect(model.asked).toHaveLength(2)

  const third = await shop.ask(change('export const price = 2', 'export const price = 3'))
  expect((await shop.over(third)).outcome).toBe('blocked')
  expect(await shop.told(third, { kind: 'blocked' })).toContain('2 updates in a day')

  const other = await place(world, { config: CONFIG })
  const elsewhere = await other.approved(change('export const price = 1', 'export const price = 3'))
  expect((await other.over(elsewhere)).outcome).toBe('succeeded')
})
