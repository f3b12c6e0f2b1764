import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseConfig } from '../../src/config/parse.ts'
import type { RepositoryGit } from '../../src/git/repository.ts'
import { createLog } from '../../src/main/log.ts'
import { askPlanner } from '../../src/stages/planner.ts'
import { request } from '../planning/fixtures.ts'
import { startModelServer, type ModelServer, type Turn } from '../support/model-server.ts'
import { change, NO_CHECKS, place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const KEY = 'sk-operator-key'
const propose = (input: unknown): Turn => ({ calls: [{ tool: 'propose', input }] })
const revise = (input: unknown): Turn => ({ calls: [{ tool: 'revise', input }] })
const edit = (path: string, before: string, after: string): Turn => ({
  calls: [{ tool: 'edit', input: { path, before, after } }],
})
const task = (title: string, text: string, ...paths: string[]) => ({ title, text, recipe: null, paths })

/** What the planner's model says, in the order in which the stories ask it. */
const PLANNER: Turn[] = [
  propose({ questions: ['Which price is meant, and what is it to be?'], tasks: [] }),
  { calls: [{ tool: 'read', input: { path: 'src/price.js' } }] },
  propose({
    questions: [],
    tasks: [
      task('Raise the price', 'Set `price` to 2.', 'src/price.js'),
      task('Tell of it', 'Say in the README that the price is 2.', 'README.md'),
    ],
  }),
  revise({ commands: ['drop 2'], cannot: null }),
]

let world: World
let planner: ModelServer
let writer: ModelServer
let broken: ModelServer
let eager: ModelServer
let rewriter: ModelServer
beforeAll(async () => {
  planner = await startModelServer(PLANNER)
  writer = await startModelServer([edit('src/price.js', 'price = 1', 'price = 2'), { say: 'It is 2.' }])
  broken = await startModelServer([{ status: 400 }])
  eager = await startModelServer([
    propose({ questions: [], tasks: [task('All of it', 'Change everything.', '.')] }),
    revise({ commands: ['drop 1'], cannot: 'the colour blue' }),
    revise({ commands: ['approve', 'exclude ../**'], cannot: null }),
  ])
  rewriter = await startModelServer([
    propose({
      questions: [],
      tasks: [
        task('Raise the price', 'Set `price` to 2.', 'src/price.js'),
        task('Tell of it', 'Say in the README that the price is 2.', 'README.md'),
      ],
    }),
    revise({ commands: [], cannot: 'the price is to be 3' }),
    propose({ questions: [], tasks: [task('Raise the price to 3', 'Set `price` to 3.', 'src/price.js')] }),
  ])
  const served = ({ url }: ModelServer) => ({ api: 'anthropic' as const, url, key: KEY })
  const servers = {
    planner: served(planner),
    writer: served(writer),
    broken: served(broken),
    eager: served(eager),
    rewriter: served(rewriter),
  }
  world = await startWorld({ agents: { keys: [], servers } })
})
afterAll(async () => {
  await world.close()
  for (const server of [planner, writer, broken, eager, rewriter]) await server.close()
})

const config = (model: string) => `${NO_CHECKS}agents:
  - { use: patch }
  - { use: model, name: writer, model: "writer:model-1" }
planner: { use: model, model: "${model}:model-1" }
`
const bare = { '.github/workflows/ci.yml': null }

test('PRE-8 PLAN-11 a model asks, plans from the answer, and reads free words of /revise; people approve and a task is done', async () => {
  const shop = await place(world, { config: config('planner'), files: bare })
  const issue = await shop.ask('It is too cheap.', { title: 'Prices' })
  expect((await shop.over(issue)).outcome).toBe('needs-info')
  expect(await shop.told(issue, { kind: 'questions' })).toContain('Which price is meant, and what is it to be?')

  await shop.say(issue, 'The one in the sources; make it 2.')
  await shop.until(issue, ({ attempt, phase }) => attempt === 2 && phase === 'awaiting approval')
  const first = (await shop.record(issue)).plan
  expect(first?.tasks.map(({ title, mayTouch }) => [title, mayTouch])).toEqual([
    ['Raise the price', ['src/price.js']],
    ['Tell of it', ['README.md']],
  ])
  expect(first?.impact.direct).toContain('src/shop.js')
  const told = await shop.told(issue, { kind: 'plan' })
  expect(told).toContain('made the tasks out of the words of the issue; the rules hold for them as for any other')
  expect(JSON.stringify(planner.asked[1]?.body)).toContain('make it 2')

  await shop.say(issue, '/revise leave the readme as it is')
  await shop.planned(issue, 2)
  const { plan, revisions } = await shop.record(issue)
  expect(revisions.drop).toEqual([2])
  expect(plan?.tasks.map(({ title }) => title)).toEqual(['Raise the price'])
  expect(plan?.digest).not.toBe(first?.digest)
  expect(await shop.told(issue, { kind: 'plan', text: /revision 2/ })).toContain(
    'said “leave the readme as it is”, which was read as: drop 2',
  )
  // The base moves where no task may touch it: the plan is made anew on it, and the approval holds.
  await shop.push('docs/other.md', 'Something else.\n')
  await shop.say(issue, `/approve ${plan?.digest.slice(0, 12)}`)
  const done = await shop.over(issue)
  expect(done.outcome).toBe('succeeded')
  expect(await shop.text('src/price.js')).toBe('export const price = 2\n')
  expect((await shop.record(issue)).order?.plan).toMatchObject({ digest: plan?.digest, revision: 2 })
  // The same text is asked about once, however often it is planned.
  expect(planner.asked).toHaveLength(4)
  const events = await world.app.audit.list({ codename: done.codename })
  expect(events.filter(({ kind }) => kind === 'planner')).toHaveLength(1)
  expect(JSON.stringify([events, await shop.comments(issue)])).not.toContain(KEY)
})

test('PLAN-11 what no command of the grammar says, the model plans anew with, and the plan shows what became of it', async () => {
  const shop = await place(world, { config: config('rewriter'), files: bare })
  const issue = await shop.ask('It is too cheap: make the price 2.', { title: 'Prices' })
  await shop.planned(issue)
  await shop.say(issue, '/revise exclude docs/**; drop 2')
  await shop.planned(issue, 2)
  const before = (await shop.record(issue)).plan

  await shop.say(issue, '/revise Make it 3, and tell nobody.')
  await shop.planned(issue, 3)
  const { plan, revisions, request } = await shop.record(issue)
  expect(request.answers).toEqual(['Make it 3, and tell nobody.'])
  expect(revisions).toMatchObject({ drop: [], exclude: ['docs/**'] })
  expect(plan?.tasks.map(({ title }) => title)).toEqual(['Raise the price to 3'])
  expect(plan?.digest).not.toBe(before?.digest)
  const told = await shop.told(issue, { kind: 'plan', text: /revision 3/ })
  expect(told).toContain('said “Make it 3, and tell nobody.”, and the tasks were planned anew with that.')
  expect(told).toContain('Raise the price to 3')
  const [, , third] = rewriter.asked
  expect(JSON.stringify(third?.body)).toContain('Make it 3, and tell nobody.')
  expect(rewriter.asked).toHaveLength(3)
})

test('PLAN-5 a model that fails leaves the plan to the rules, with a notice, and is not asked for what is ready', async () => {
  const shop = await place(world, { config: config('broken'), files: bare })
  const issue = await shop.ask('Raise the price in `src/price.js` to 2.')
  await shop.planned(issue)
  const { plan } = await shop.record(issue)
  expect(plan?.tasks.map(({ agent, mayTouch }) => [agent, mayTouch])).toEqual([['writer', ['src/**']]])
  expect(await shop.told(issue, { kind: 'plan' })).toContain(
    'gave no plan: it got no answer from its server, which answered 400',
  )
  const asked = broken.asked.length
  const ready = await shop.ask(change('export const price = 1', 'export const price = 2'))
  await shop.planned(ready)
  expect(broken.asked).toHaveLength(asked)
  expect(await shop.told(ready, { kind: 'plan' })).not.toContain('model')
})

test('PLAN-11 what a model proposes is judged by the rules: no whole repository, no half of a revision, no approval', async () => {
  const shop = await place(world, { config: config('eager'), files: bare })
  const issue = await shop.ask('Raise the price in `src/price.js` to 2.')
  await shop.planned(issue)
  expect((await shop.record(issue)).plan?.tasks.map(({ title }) => title)).toEqual(['Change the price'])
  const told = await shop.told(issue, { kind: 'plan' })
  expect(told).toContain('what it proposed was refused: it named the whole repository as the place of a task')

  const half = await shop.say(issue, '/revise make it blue')
  expect(await shop.reaction(half)).toBe('-1')
  expect(await shop.told(issue, { to: half })).toContain('The planner’s model has no command for: the colour blue')
  const more = await shop.say(issue, '/revise approve it for me')
  expect(await shop.reaction(more)).toBe('-1')
  const refused = await shop.told(issue, { to: more })
  expect(refused).toContain('“approve” is no revision')
  expect(refused).toContain('leads out of the repository')
  const { phase, state } = await shop.until(issue, () => true)
  expect([phase, state['revision'], state['approvals']]).toEqual(['awaiting approval', 1, []])
  // Whoever may not revise costs nothing.
  const asked = eager.asked.length
  expect(await shop.reaction(await shop.say(issue, '/revise leave it', 'eve'))).toBe('-1')
  expect(eager.asked).toHaveLength(asked)
})

test('a model is asked so often for an update, however often its issue is edited', async () => {
  const parsed = parseConfig(config('planner'))
  if (!parsed.ok) throw new Error('the configuration has faults')
  const git = { workspace: () => Promise.reject(new Error('it was asked again')) } as unknown as RepositoryGit
  const tools = { operator: { keys: [], servers: {} }, log: createLog('silent') }
  const ask = (times: number) => {
    const known = { text: 'another', tasks: null, notes: [], times }
    return askPlanner(tools, { git, config: parsed.config }, { ...request, body: 'Make it cheaper.' }, 'main', known)
  }
  await expect(ask(9)).rejects.toThrow('it was asked again')
  const { proposed, questions } = (await ask(10)) ?? {}
  expect([proposed?.tasks, questions, proposed?.notes[0]?.message]).toEqual([
    null,
    [],
    expect.stringContaining('it was asked 10 times for this update'),
  ])
})
