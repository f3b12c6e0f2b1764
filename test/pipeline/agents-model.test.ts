import { afterAll, beforeAll, expect, test } from 'vitest'
import { startModelServer, type ModelServer } from '../support/model-server.ts'
import { NO_DEPLOYMENT, place, startWorld, type World } from '../support/world.ts'

const KEY = 'sk-operator-key'

let world: World
let model: ModelServer
let stubborn: ModelServer
beforeAll(async () => {
  const change = (before: string, after: string) => ({
    calls: [{ tool: 'edit', input: { path: 'src/price.js', before, after } }],
  })
  model = await startModelServer([
    { calls: [{ tool: 'read', input: { path: 'src/price.js' } }] },
    change('price = 1', 'price = 2 // BROKEN'),
    { say: 'The price is 2.' },
    change(' // BROKEN', ''),
    { say: 'What the check does not like is gone.' },
  ])
  stubborn = await startModelServer([
    change('price = 1', 'price = 2 // BROKEN'),
    { say: 'The price is 2.' },
    change('price = 2', 'price = 2.0'),
    { say: 'The check will like that.' },
  ])
  const served = (url: string) => ({ api: 'anthropic' as const, url, key: KEY })
  const servers = { scripted: served(model.url), stubborn: served(stubborn.url) }
  world = await startWorld({ agents: { keys: [], servers } })
})
afterAll(async () => {
  await world.close()
  await model.close()
  await stubborn.close()
})

const CONFIG = `${NO_DEPLOYMENT}agents:
  - { use: patch }
  - { use: model, name: writer, model: "scripted:model-1", budget: { tokens: 50000 } }
`

test('GATE1-5 a model changes what words ask for, and corrects what round 1 found wrong with it', async () => {
  const shop = await place(world, { config: CONFIG })
  await shop.settle()
  const issue = await shop.approved('Please raise the price in `src/price.js` to 2.', { title: 'Raise the price' })
  const { plan } = await shop.record(issue)
  expect(plan?.tasks.map(({ agent, exact }) => [agent, exact])).toEqual([['writer', false]])
  expect(plan?.resources.budget).toContain('writer: 50 steps, 50000 tokens, money not counted without prices')
  const done = await shop.over(issue)
  expect(done.outcome).toBe('succeeded')
  await shop.settle()
  expect(await shop.text('src/price.js')).toBe('export const price = 2\n')

  const { progress, fixed } = await shop.record(issue)
  expect(fixed).toHaveLength(1)
  const { data: commits } = await shop.as('ann').pulls.listCommits({ ...shop.at, pull_number: progress?.pull ?? 0 })
  expect(commits.map(({ commit }) => /Pawl-Task: .*/.exec(commit.message)?.[0])).toEqual([
    'Pawl-Task: 1',
    'Pawl-Task: 1',
  ])

  expect(model.asked).toHaveLength(5)
  const again = JSON.stringify(model.asked[3]?.body)
  expect(again).toContain('check-failed')
  expect(again).toMatch(/of=\\"a log of a failed check\\" from=\\"repository\\">\\ntest:/)

  const comments = JSON.stringify(await shop.comments(issue))
  expect(comments).toContain('Spent: 3 steps, 360 tokens')
  expect(comments).toContain('1 fix round.')
  const events = await world.app.audit.list({ codename: done.codename })
  expect(comments + JSON.stringify(events)).not.toContain(KEY)
})

test('GATE1-5 the same finding twice ends the fixing, and the repository is as it was', async () => {
  const shop = await place(world, { config: CONFIG.replace('scripted:', 'stubborn:') })
  await shop.settle()
  const before = await shop.head()
  const issue = await shop.approved('Please raise the price in `src/price.js` to 2.', { title: 'Raise the price' })
  const done = await shop.over(issue)
  expect(done.outcome).toBe('failed')
  const { findings } = await shop.record(issue)
  expect(JSON.stringify(await shop.comments(issue))).toContain('left a finding exactly as it was')
  expect(findings.length).toBeGreaterThan(0)
  expect(stubborn.asked).toHaveLength(4)
  expect(await shop.head()).toEqual(before)
})
