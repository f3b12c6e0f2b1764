import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { change, NO_CHECKS, place, startWorld, type World } from '../support/world.ts'

// On a busy machine a story takes many times as long as on an idle one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
let server: Server
let address: string
/** What the outside answers, by path; 200 where nothing is said. */
const answers = new Map<string, number>()

beforeAll(async () => {
  world = await startWorld()
  server = createServer((request, response) => response.writeHead(answers.get(request.url ?? '') ?? 200).end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await world.close()
})

const raise = change('export const price = 1', 'export const price = 2')

/** The rules of the findings for which an update is blocked. */
async function reasons(shop: Awaited<ReturnType<typeof place>>, issue: number): Promise<string[]> {
  const { outcome } = await shop.over(issue)
  expect(outcome).toBe('blocked')
  return (await shop.record(issue)).findings.map(({ rule }) => rule)
}

test('PRE-1 lets a second request be planned while a first one waits, each by itself', async () => {
  const shop = await place(world, { pushed: false, config: NO_CHECKS })
  const [first, second] = [await shop.ask(raise), await shop.ask(raise)]
  expect((await shop.planned(first)).outcome).toBeNull()
  expect((await shop.planned(second)).outcome).toBeNull()
})

test('PRE-1 does not start beside a lock that this app does not carry out, and says who mends it', async () => {
  const config = `${NO_CHECKS}validation: { round1: { timeout: 1ms } }\n`
  const shop = await place(world, { pushed: false, config })
  const { data: blob } = await shop.as('ann').git.createBlob({ ...shop.at, content: 'mine' })
  const { data: tree } = await shop.as('ann').git.createTree({
    ...shop.at,
    tree: [{ path: 'lock', mode: '100644', type: 'blob', sha: blob.sha }],
  })
  const { data: commit } = await shop.as('ann').git.createCommit({ ...shop.at, message: 'mine', tree: tree.sha })
  await shop.as('ann').git.createRef({ ...shop.at, ref: 'refs/pawl/lock', sha: commit.sha })
  const issue = await shop.ask(raise)
  expect(await reasons(shop, issue)).toEqual(['lock-held'])
  expect(await shop.told(issue, { kind: 'blocked' })).toContain('An admin makes sure that nothing is being updated')

  const unlock = await shop.say(issue, '/unlock')
  expect(await shop.reaction(unlock)).toBe('+1')
  await world.quiet()
  expect(await shop.refs('pawl/')).toEqual([])
  await shop.say(issue, '/retry')
  await shop.until(issue, ({ attempt, phase }) => attempt === 2 && phase === 'awaiting approval')
})

test('PRE-2 refuses the one request that is too many, and takes it on /retry when a place is free', async () => {
  const shop = await place(world, { pushed: false, config: `${NO_CHECKS}queue: { slots: 1 }\n` })
  const [first, second] = [await shop.ask(raise), await shop.ask(raise)]
  expect((await shop.planned(first)).outcome).toBeNull()
  expect(await reasons(shop, second)).toEqual(['queue-full'])
  expect(await shop.told(second, { kind: 'blocked' })).toContain('The queue is full: its one place is taken.')

  await shop.say(first, '/cancel')
  await shop.over(first)
  await shop.say(second, '/retry')
  await shop.until(second, ({ attempt, phase }) => attempt === 2 && phase === 'awaiting approval')
})

test('PRE-3 does not touch a deployed service whose probe fails', async () => {
  answers.set('/sick', 503)
  const health = `health: { soak: 1s, failures: 1, probes: [{ name: shop, url: "${address}/sick", within: 1s, interval: 1s }] }`
  const shop = await place(world, {
    pushed: false,
    config: `deploy: { via: none }\npreflight: { checks: false }\n${health}\n`,
  })
  const issue = await shop.ask(raise)
  expect(await reasons(shop, issue)).toEqual(['probe-failing'])
  expect(await shop.told(issue, { kind: 'blocked' })).toContain('the probe shop says answered 503, expected 200')

  answers.delete('/sick')
  await shop.say(issue, '/retry')
  await shop.until(issue, ({ attempt, phase }) => attempt === 2 && phase === 'awaiting approval')
})

test('PRE-5 PRE-6 report every floor and every service that fails, together and each with its remedy', async () => {
  answers.set('/down', 500)
  const preflight = `preflight: { checks: false, memory: 900TB, disk: 900TB, services: [{ url: "${address}/down" }, { url: "${address}/up" }, { url: "http://127.0.0.1:1/", within: 2s }] }`
  const shop = await place(world, {
    pushed: false,
    config: `deploy: { via: none }\nhealth: { soak: 1ms }\n${preflight}\n`,
  })
  const before = await shop.head()
  const issue = await shop.ask(raise)
  expect(await reasons(shop, issue)).toEqual(['service-down', 'service-down', 'memory-low', 'disk-low'])
  const blocked = await shop.told(issue, { kind: 'blocked' })
  expect(blocked).toContain('of memory free; the floor is 943718400 MB')
  expect(blocked).toContain('of disk free; the floor is 943718400 MB')
  expect(blocked).toMatch(/\/down did not answer as expected: it answered 500, not 200/)
  expect(blocked).toMatch(/127\.0\.0\.1:&?.*1\/ did not answer as expected/)
  expect(blocked.match(/^ {2}→ /gm)).toHaveLength(4)
  expect(blocked).toContain('`/retry`')
  expect(await shop.labels(issue)).toEqual(['pawl', 'pawl:failed'])
  expect(await shop.head()).toEqual(before)
})
