import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { change, NO_CHECKS, place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const FORMAT = `import { readFileSync, writeFileSync } from 'node:fs'
const text = readFileSync('src/shop.js', 'utf8')
writeFileSync('src/shop.js', text.replaceAll("'", '"'))
`
const CONFIG = `${NO_CHECKS}agents:
  - { use: patch }
  - { use: recipe, name: format, run: [node, tools/format.mjs] }
`
const price = (from: number) => change(`export const price = ${from}`, 'export const price = 2')

test('PRE-8 PLAN-11 PLAN-12 question, answer, plan, revision, approval: each step tells what it changed, and the last one is carried out', async () => {
  const files = { '.github/workflows/ci.yml': null, 'tools/format.mjs': FORMAT }
  const shop = await place(world, { config: CONFIG, files })
  // The diff was made against another state of the file, and the recipe has a slip in its name.
  const issue = await shop.ask(`Please.\n\n${price(9)}\n\`\`\`txt path=docs/more.txt\nmore\n\`\`\`\n\nRecipe: fromat\n`)
  expect((await shop.over(issue)).outcome).toBe('needs-info')
  const questions = await shop.told(issue, { kind: 'questions' })
  expect(questions).toContain('There is no recipe \\`fromat\\`')
  expect(questions).toContain('Known recipes: \\`format\\`')

  await shop.as('ann').issues.update({
    ...shop.at,
    issue_number: issue,
    body: `Please.\n\n${price(9)}\n\`\`\`txt path=docs/more.txt\nmore\n\`\`\`\n\nRecipe: format\n`,
  })
  const second = await shop.until(issue, ({ attempt, outcome }) => attempt === 2 && outcome !== null)
  expect(second.outcome).toBe('needs-info')
  await shop.told(issue, { kind: 'questions', text: /the diff expects/ })

  await shop.say(issue, `It is 1 by now.\n\n${price(1)}`)
  await shop.until(issue, ({ attempt, phase }) => attempt === 3 && phase === 'awaiting approval')
  const first = (await shop.record(issue)).plan
  expect(first?.tasks.map(({ id, agent, changes }) => [id, agent, changes.map(({ path }) => path)])).toEqual([
    [1, 'patch', ['docs/more.txt']],
    [2, 'format', ['src/shop.js']],
    [3, 'patch', ['src/price.js']],
  ])

  await shop.say(issue, '/revise drop 1; order 3, 2')
  await shop.planned(issue, 2)
  const plan = (await shop.record(issue)).plan
  expect(plan?.tasks.map(({ id }) => id)).toEqual([3, 2])
  const revised = await shop.told(issue, { kind: 'plan', text: /revision 2/ })
  expect(revised).toContain('- Task 1 (Write docs/more.txt) is dropped.')
  expect(revised).toContain('- Order of tasks: `2, 3` → `3, 2`')
  expect(revised).toContain('- Files no longer touched: `docs/more.txt`')

  // Whoever names the first plan has not seen the second.
  const old = await shop.say(issue, `/approve ${first?.digest.slice(0, 12)}`)
  expect(await shop.reaction(old)).toBe('-1')
  expect(await shop.told(issue, { to: old })).toContain(`which is ${plan?.digest.slice(0, 12)}`)
  await shop.say(issue, `/approve ${plan?.digest.slice(0, 12)}`)
  const done = await shop.over(issue)
  expect(done.outcome).toBe('succeeded')
  expect(await shop.text('src/price.js')).toBe('export const price = 2\n')
  expect(await shop.text('src/shop.js')).toContain('from "./price.js"')
  const { finished, order } = await shop.record(issue)
  expect(order?.plan.digest).toBe(plan?.digest)
  expect(finished?.actual).toMatchObject({ files: ['src/price.js', 'src/shop.js'], tasks: 2 })
  const report = await shop.told(issue, { kind: 'status', text: /Change report/ })
  expect(report).toContain('| Files | 2 | 2 | the same |')
  expect(report).toContain('1 finished update here so far: time against the P50 in the median −')
})
