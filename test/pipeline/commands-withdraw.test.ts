import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { change, NO_CHECKS, NO_DEPLOYMENT, place, startWorld, type World } from '../support/world.ts'

// On a busy machine a story takes many times as long as on an idle one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const raise = change('export const price = 1', 'export const price = 2')
type Shop = Awaited<ReturnType<typeof place>>

/** The ways in which people take a request back, with what is then told. */
const WAYS: [name: string, act: (shop: Shop, issue: number) => Promise<unknown>, told: string][] = [
  ['/cancel', (shop, issue) => shop.say(issue, '/cancel', 'bob'), '@&#8203;bob cancelled the update.'],
  [
    'closing the issue',
    (shop, issue) => shop.as('bob').issues.update({ ...shop.at, issue_number: issue, state: 'closed' }),
    '@&#8203;bob closed the issue.',
  ],
  [
    'taking the label off',
    (shop, issue) => shop.as('bob').issues.removeLabel({ ...shop.at, issue_number: issue, name: 'pawl' }),
    '@&#8203;bob took the label off.',
  ],
]

/** Takes three requests back in their phase, each in its way, and looks at what people are told and what is left. */
async function takeBack(shop: Shop, issues: number[], phase: string): Promise<void> {
  for (const [at, [, act, told]] of WAYS.entries()) {
    const issue = issues[at] ?? 0
    expect((await shop.until(issue, () => true)).phase).toBe(phase)
    await act(shop, issue)
    const over = await shop.over(issue)
    expect(over.outcome).toBe('cancelled')
    const ending = await shop.told(issue, { kind: 'ending' })
    expect(ending).toContain(`**${over.codename}** was cancelled.`)
    expect(ending).toContain(told)
    const status = await shop.told(issue, { kind: 'status', text: /\*\*cancelled\*\*/ })
    expect(status).toContain(told)
    expect((await shop.labels(issue)).filter((name) => name.startsWith('pawl:'))).toEqual([])
  }
}

test('/cancel, a closed issue and a label that is taken off end a request that waits in pre-flight', async () => {
  const config = `${NO_DEPLOYMENT}validation: { round2: { checks: [never] }, round1: { appears: 60s } }\n`
  const shop = await place(world, { pushed: false, config })
  const issues = [await shop.ask(raise), await shop.ask(raise), await shop.ask(raise)]
  for (const issue of issues) {
    expect(await shop.told(issue, { kind: 'status', text: /never has not appeared yet/ })).toContain(
      'pre-flight checks',
    )
  }
  await takeBack(shop, issues, 'preflight')
})

test('/cancel, a closed issue and a label that is taken off end a request whose plan waits for approval', async () => {
  const shop = await place(world, { pushed: false, config: NO_CHECKS })
  const issues = [await shop.ask(raise), await shop.ask(raise), await shop.ask(raise)]
  for (const issue of issues) await shop.planned(issue)
  await takeBack(shop, issues, 'awaiting approval')
  expect(await shop.refs('pawl/')).toEqual([])
})

test('/cancel, a closed issue and a label that is taken off end a request that waits its turn', async () => {
  const config = `${NO_CHECKS}validation: { round1: { checks: [never], appears: 60s } }\n`
  const shop = await place(world, { pushed: false, config })
  const [first, ...issues] = [
    await shop.ask(raise),
    await shop.ask(raise),
    await shop.ask(raise),
    await shop.ask(raise),
  ]
  for (const issue of [first, ...issues]) {
    await shop.planned(issue)
    await shop.say(issue, '/approve')
    await shop.until(issue, ({ stage }) => stage === 'deliver')
  }
  await shop.until(first, ({ phase }) => phase === 'round 1')
  await takeBack(shop, issues, 'queued')
  expect((await shop.until(first, () => true)).phase).toBe('round 1')
  await shop.say(first, '/cancel')
  expect((await shop.over(first)).outcome).toBe('cancelled')
  expect(await shop.refs('pawl/')).toEqual([])
})

test('a request that was taken back begins again on /retry, with its label, once the issue is open', async () => {
  const shop = await place(world, { pushed: false, config: NO_CHECKS })
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  await shop.as('ann').issues.removeLabel({ ...shop.at, issue_number: issue, name: 'pawl' })
  await shop.over(issue)
  await shop.say(issue, '/retry')
  const again = await shop.until(issue, ({ attempt, phase }) => attempt === 2 && phase === 'awaiting approval')
  await shop.told(issue, { kind: 'status', text: new RegExp(`${again.codename}.*\\n.*\\n[^]*waiting for approval`) })
  expect(await shop.labels(issue)).toEqual(['pawl', 'pawl:planned'])
  await world.quiet()
  expect((await shop.until(issue, () => true)).attempt).toBe(2)
})

test('a label that is taken off and put on again at once takes nothing back', async () => {
  const shop = await place(world, { pushed: false, config: NO_CHECKS })
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  const { database } = world
  // The app hears of it only when both have happened.
  const client = await database.pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('LOCK TABLE pawl.deliveries IN ACCESS EXCLUSIVE MODE')
    await shop.as('ann').issues.removeLabel({ ...shop.at, issue_number: issue, name: 'pawl' })
    await shop.as('ann').issues.addLabels({ ...shop.at, issue_number: issue, labels: ['pawl'] })
  } finally {
    await client.query('COMMIT')
    client.release()
  }
  await world.quiet()
  const { phase, attempt, outcome } = await shop.until(issue, () => true)
  expect([phase, attempt, outcome]).toEqual(['awaiting approval', 1, null])
})

test('/hold lets an approved plan stand still until /resume, and everybody sees who held it', async () => {
  const config = `${NO_CHECKS}approval: { remind: 500ms, expires: 1s }\n`
  const shop = await place(world, { config, files: { '.github/workflows/ci.yml': null } })
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  await shop.say(issue, '/hold', 'bob')
  const held = await shop.told(issue, { kind: 'status', text: /\| Held \|/ })
  expect(held).toMatch(/\*\* is held. It goes on after `\/resume`\./)
  expect(held).toMatch(/\| Held \| by @bob, since .* UTC \|/)
  expect(held).toContain('It stands still until somebody comments `/resume`, `/cancel` or `/rollback`.')

  await shop.say(issue, '/approve')
  const asked = await shop.say(issue, '/status')
  expect(await shop.told(issue, { to: asked })).toContain('Held by @bob, since ')
  await world.quiet()
  expect((await shop.until(issue, () => true)).phase).toBe('awaiting approval')

  await shop.say(issue, '/resume', 'mia')
  expect((await shop.over(issue)).outcome).toBe('succeeded')
})
