import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { change, place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const recipe = (more = '') => `deploy: { via: none }
agents:
  - { use: patch }
  - { use: recipe, name: stamp, run: [node, tools/stamp.mjs] }
${more}`

/** Does something else each time: no plan can say beforehand which file it makes. */
const FICKLE = `import { writeFileSync } from 'node:fs'
writeFileSync('src/stamp-' + process.hrtime.bigint() + '.js', 'export const stamp = 1\\n')
`

/** Makes the same file each time, with another content in as many lines. */
const CLOCK = `import { writeFileSync } from 'node:fs'
writeFileSync('src/stamp.js', 'export const stamp = ' + process.hrtime.bigint() + '\\n')
`

/** Writes down what a command of the repository finds around itself. */
const CURIOUS = `import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
const seen = {
  git: existsSync('.git'),
  environment: Object.keys(process.env).filter((name) => /TOKEN|KEY|SECRET|DATABASE|PRIVATE/.test(name)),
  network: Object.keys(networkInterfaces()).filter((name) => name !== 'lo'),
  home: readdirSync(process.env.HOME),
}
writeFileSync('src/seen.json', JSON.stringify(seen) + '\\n')
`

const price = change('export const price = 1', 'export const price = 2')

describe.concurrent('execution', () => {
  test('EXEC-2 EXEC-3 a task that does something else than planned stops the update before it counts', async () => {
    const shop = await place(world, { config: recipe(), files: { 'tools/stamp.mjs': FICKLE } })
    const before = await shop.head()
    const issue = await shop.approved(`${price}\nRecipe: stamp\n`)
    const done = await shop.over(issue)
    expect(done.outcome).toBe('failed')
    const { findings, progress } = await shop.record(issue)
    expect(findings.map(({ rule }) => rule)).toEqual(['deviation-path', 'deviation-missing'])
    // The first task had its commit; nothing of it is left, and no pull request was ever opened.
    expect(progress?.head).not.toBeNull()
    expect(progress?.pull).toBeNull()
    expect(await shop.head()).toEqual(before)
    expect(await shop.refs('heads/')).toEqual(['refs/heads/main'])
    expect(await shop.refs('pawl/')).toEqual([])
    expect(await shop.told(issue, { kind: 'failure-report' })).toContain('plan does not name')
  })

  test('EXEC-2 a recipe that makes another content than it did for the plan is no exact task, and stops the update', async () => {
    const shop = await place(world, { config: recipe(), files: { 'tools/stamp.mjs': CLOCK } })
    const before = await shop.head()
    const issue = await shop.approved(`${price}\nRecipe: stamp\n`)
    const { plan } = await shop.record(issue)
    expect(plan?.tasks.map(({ changes }) => changes.map(({ blob }) => blob))).toEqual([
      [expect.stringMatching(/^[0-9a-f]{40}$/)],
      [expect.stringMatching(/^[0-9a-f]{40}$/)],
    ])
    expect((await shop.over(issue)).outcome).toBe('failed')
    const { findings } = await shop.record(issue)
    expect(findings.map(({ rule, path }) => [rule, path])).toEqual([['deviation-content', 'src/stamp.js']])
    expect(await shop.head()).toEqual(before)
    expect(await shop.told(issue, { kind: 'failure-report' })).toContain(
      'See that stamp gives the same files each time',
    )
  })

  test('EXEC-2 or people are asked anew, as configured, and the turn is given to the next', async () => {
    const config = recipe('deviation: approve\n')
    const files = { 'tools/stamp.mjs': FICKLE, 'src/colour.js': 'export const colour = 1\n' }
    const shop = await place(world, { config, files })
    const issue = await shop.approved(`${price}\nRecipe: stamp\n`)
    const again = await shop.planned(issue, 2)
    expect(again).toMatchObject({ outcome: null, phase: 'awaiting approval' })
    const plan = await shop.told(issue, { kind: 'plan', text: /revision 2/i })
    expect(plan).toContain('plan does not name')
    expect(await shop.refs('pawl/')).toEqual([])
    const other = await shop.approved(change('export const colour = 1', 'export const colour = 2', 'src/colour.js'))
    expect((await shop.over(other)).outcome).toBe('succeeded')
    await shop.say(issue, '/reject')
    expect((await shop.over(issue)).outcome).toBe('rejected')
  })

  test('EXEC-1 a recipe runs in the sandbox: no network, no credentials, no .git, an empty home', async () => {
    const shop = await place(world, { config: recipe(), files: { 'tools/stamp.mjs': CURIOUS } })
    const issue = await shop.approved('Recipe: stamp\n')
    expect((await shop.over(issue)).outcome).toBe('succeeded')
    const seen = JSON.parse(await shop.text('src/seen.json')) as object
    expect(seen).toEqual({ git: false, environment: [], network: [], home: [] })
  })

  test('SNAP-3 a branch that exists already is not touched', async () => {
    const shop = await place(world)
    const before = await shop.head()
    const issue = await shop.ask(price)
    const { codename } = await shop.planned(issue)
    const ref = `refs/heads/pawl/${codename}`
    await shop.as('bob').git.createRef({ ...shop.at, ref, sha: before.commit })
    await shop.push('src/mine.js', 'export const mine = 1\n', `pawl/${codename}`, 'bob')
    await shop.say(issue, '/approve')
    expect((await shop.over(issue)).outcome).toBe('failed')
    expect((await shop.record(issue)).findings).toMatchObject([{ rule: 'branch-exists' }])
    expect(await shop.text('src/mine.js', `pawl/${codename}`)).toBe('export const mine = 1\n')
    expect(await shop.head()).toEqual(before)
  })
})
