import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { change, NO_CHECKS, place, startWorld, type World } from '../support/world.ts'
import { deliver, lastDelivery } from '../support/webhook.ts'

const lines: { level: number; msg: string; event?: string }[] = []
const log = pino(
  { level: 'warn' },
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as (typeof lines)[number])
      done()
    },
  }),
)

// On a busy machine a story takes many times as long as on an idle one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
beforeAll(async () => {
  world = await startWorld({ log })
})
afterAll(() => world.close())

const raise = change('export const price = 1', 'export const price = 2')
const quick = { pushed: false, config: NO_CHECKS }

test('a webhook that is delivered twice starts one update, and a command in it counts once', async () => {
  const shop = await place(world, { ...quick, config: `${NO_CHECKS}approval: { count: { medium: 2 } }\n` })
  world.github.faults.webhooks({ duplicate: true })
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  const status = await shop.say(issue, '/status')
  await shop.told(issue, { to: status })
  const labelled = await lastDelivery(world, 'issues', 'labeled')
  expect(await deliver(world, labelled)).toBe(202)
  await world.quiet()
  world.github.faults.webhooks({})
  expect(await world.app.updates.countActive(shop.name)).toBe(1)
  const kinds = (await shop.comments(issue)).map(({ body }) => /"kind":"(\w+)"/.exec(body)?.[1] ?? 'a person')
  expect(kinds.toSorted()).toEqual(['a person', 'plan', 'reply', 'status'])

  // The same happening under another id, as when a person puts the label on a second time, changes nothing either.
  expect(await deliver(world, { event: labelled.event, payload: labelled.payload })).toBe(202)
  await world.quiet()
  expect((await shop.until(issue, () => true)).attempt).toBe(1)
  expect(await shop.comments(issue)).toHaveLength(4)
})

test('TRIG-1 believes nothing that a payload says of a person', async () => {
  const shop = await place(world, quick)
  const issue = await shop.ask(raise, { label: 'bug' })
  await world.quiet()
  const { payload } = await lastDelivery(world, 'issues', 'labeled')
  const { data: eve } = await shop.as('eve').users.getAuthenticated()
  const forged = {
    ...payload,
    label: { ...(payload['label'] as object), name: 'pawl' },
    issue: { ...(payload['issue'] as object), author_association: 'OWNER', user: eve },
    sender: { ...eve, site_admin: true, permissions: { admin: true } },
  }
  expect(await deliver(world, { event: 'issues', payload: forged })).toBe(202)
  expect((await shop.over(issue)).outcome).toBe('refused')
})

test('a story whose webhooks come late, twice and in the wrong order ends as it would have', async () => {
  const shop = await place(world, { config: NO_CHECKS, files: { '.github/workflows/ci.yml': null } })
  world.github.faults.webhooks({ reorder: true, duplicate: true })
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  const [one, two] = [
    change('export const price = 1', 'export const price = 8'),
    change('export const price = 1', 'export const price = 9'),
  ]
  await shop.as('ann').issues.update({ ...shop.at, issue_number: issue, body: one })
  await shop.as('ann').issues.update({ ...shop.at, issue_number: issue, body: two })
  await world.quiet()
  const planned = await shop.until(issue, (update) => JSON.stringify(update.state['plan'] ?? '').includes('price = 9'))
  await shop.until(issue, ({ phase }) => phase === 'awaiting approval')
  await shop.say(issue, '/approve')
  expect((await shop.over(issue)).outcome).toBe('succeeded')
  world.github.faults.webhooks({})
  expect(planned.attempt).toBe(1)
  expect(await shop.text('src/price.js')).toBe('export const price = 9\n')
})

test('a webhook whose signature does not fit is answered 401, with one line in the log and nothing else', async () => {
  const shop = await place(world, quick)
  const issue = await shop.ask(raise, { label: 'bug' })
  await world.quiet()
  const delivery = await lastDelivery(world, 'issues', 'labeled')
  const payload = { ...delivery.payload, label: { ...(delivery.payload['label'] as object), name: 'pawl' } }
  lines.length = 0
  expect(await deliver(world, { event: 'issues', payload }, 'not the secret')).toBe(401)
  expect(lines.map(({ msg, event }) => [msg, event])).toEqual([
    ['webhook refused: its signature does not fit the webhook secret', 'issues'],
  ])
  expect(JSON.stringify(lines)).not.toContain('export const price')
  await world.quiet()
  expect(await world.app.updates.byIssue(shop.name, issue)).toBeNull()
})

test('a comment of 1 MB is no comment of GitHub’s: it commands nothing, answers nothing, and hurts nobody', async () => {
  const shop = await place(world, quick)
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  const status = await shop.say(issue, '/status')
  await shop.told(issue, { to: status })
  const { payload } = await lastDelivery(world, 'issue_comment', 'created')
  const huge = (first: string) => ({
    ...payload,
    comment: { ...(payload['comment'] as object), body: `${first}\n${'x'.repeat(1_000_000)}` },
  })
  expect(await deliver(world, { event: 'issue_comment', payload: huge('/approve') })).toBe(202)
  await world.quiet()
  expect((await shop.until(issue, () => true)).phase).toBe('awaiting approval')

  const open = await shop.ask('')
  await shop.over(open)
  const about = { ...huge('Here it is.'), issue: { ...(payload['issue'] as object), number: open } }
  expect(await deliver(world, { event: 'issue_comment', payload: about })).toBe(202)
  await world.quiet()
  expect((await shop.until(open, () => true)).attempt).toBe(1)

  // As long as GitHub takes them, they are read: this one is a command with much text behind it.
  const long = await shop.say(issue, `/reject ${'because '.repeat(8_000)}`)
  expect(await shop.reaction(long)).toBe('+1')
  expect((await shop.over(issue)).outcome).toBe('rejected')
  expect((await shop.told(issue, { kind: 'ending' })).length).toBeLessThan(2_000)
})
