import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { isOver } from '../../src/commands/rehearsal/watch.ts'
import { change, CI, NO_DEPLOYMENT, place, startWorld, type World } from '../support/world.ts'

// On a busy machine a story takes many times as long as on an idle one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const raise = change('export const price = 1', 'export const price = 2')

test('PRE-4 does not start on a default branch whose checks are red, and does when they are green again', async () => {
  const shop = await place(world, { config: NO_DEPLOYMENT, files: { 'src/other.js': '// BROKEN\n' } })
  await shop.settle()
  const issue = await shop.ask(raise)
  expect((await shop.over(issue)).outcome).toBe('blocked')
  const blocked = await shop.told(issue, { kind: 'blocked' })
  const { commit } = await shop.head()
  expect(blocked).toContain(`On the default branch \\(${commit.slice(0, 12)}\\): The check test ended as failure.`)
  expect(blocked).toMatch(/Read its log at \[http.*\]\(http/)

  await shop.push('src/other.js', '// mended\n')
  await shop.settle()
  await shop.say(issue, '/retry')
  const again = await shop.until(
    issue,
    (update) => update.attempt === 2 && (update.phase === 'awaiting approval' || isOver(update)),
  )
  expect(again.outcome).toBeNull()
})

test('PRE-4 waits for checks that are running, says so, and goes on when they have passed', async () => {
  const slow = CI.replace('- run:', '- run: while [ ! -e "$GATE" ]; do sleep 0.1; done\n      - run:')
  const gate = `${world.dir}/gate-open`
  const shop = await place(world, {
    config: NO_DEPLOYMENT,
    files: { '.github/workflows/ci.yml': slow.replace('jobs:', `env: { GATE: "${gate}" }\njobs:`) },
  })
  const issue = await shop.ask(raise)
  await shop.told(issue, { kind: 'status', text: /The check test is running|test is running/ })
  const { phase, outcome } = await shop.until(issue, () => true)
  expect([phase, outcome]).toEqual(['preflight', null])

  // What is edited meanwhile is what is planned.
  const body = change('export const price = 1', 'export const price = 3')
  await shop.as('ann').issues.update({ ...shop.at, issue_number: issue, body })
  await shop.until(issue, ({ state }) => JSON.stringify(state['request']).includes('price = 3'))
  await writeFile(gate, '')
  expect((await shop.planned(issue)).outcome).toBeNull()
  expect((await shop.record(issue)).plan?.tasks.map(({ source }) => source)).toMatchObject([
    { kind: 'diff', diff: expect.stringContaining('price = 3') },
  ])
  const status = await shop.told(issue, { kind: 'status', text: /waiting for approval/ })
  expect(status).not.toContain('is running')
})

test('PRE-4 tells checks that never appear from such that fail', async () => {
  const config = `${NO_DEPLOYMENT}validation: { round1: { appears: 200ms } }\n`
  const shop = await place(world, { pushed: false, config })
  const issue = await shop.ask(raise)
  expect((await shop.over(issue)).outcome).toBe('blocked')
  expect((await shop.record(issue)).findings.map(({ rule }) => rule)).toContain('base-checks-missing')
  expect(await shop.told(issue, { kind: 'blocked' })).toContain('did not appear within')
})

test('PRE-4 asks for no checks where a repository has none, or wants none asked for', async () => {
  const bare = await place(world, { config: NO_DEPLOYMENT, files: { '.github/workflows/ci.yml': null } })
  expect((await bare.planned(await bare.ask(raise))).outcome).toBeNull()
})
