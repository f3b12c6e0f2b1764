import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { acts } from '../../src/audit/acts.ts'
import { openGit } from '../../src/git/open.ts'
import { renderLock } from '../../src/policy/lock.ts'
import { leaveLock, takeLock } from '../../src/stages/lock.ts'
import type { Desk, Services } from '../../src/stages/services.ts'
import { clone } from '../support/clone.ts'
import { until } from '../support/until.ts'
import { change, place, startWorld, type Place, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const price = change('export const price = 1', 'export const price = 2')
const LOCK = 'refs/pawl/lock'

const lockOf = (shop: Place, since: Date) =>
  renderLock({ codename: 'foreign-fox', instance: 'elsewhere:1', repo: shop.name, since: since.toISOString() })

const untilUnlocked = (shop: Place) => until(async () => (await shop.refs('pawl/lock')).length === 0)

test.concurrent('QUEUE-5 a lock that somebody else holds stops the update before anything is changed', async () => {
  const shop = await place(world)
  const issue = await shop.ask(price)
  await shop.planned(issue)
  const before = await shop.head()
  await (await clone(world, shop)).pushBlob(lockOf(shop, new Date()), LOCK)
  await shop.say(issue, '/approve')
  expect((await shop.over(issue)).outcome).toBe('failed')
  const { findings } = await shop.record(issue)
  expect(findings).toMatchObject([{ rule: 'lock-held', message: expect.stringContaining('foreign-fox') }])
  expect(await shop.head()).toEqual(before)
  expect(await shop.refs('tags/pawl/')).toEqual([])
  // It is somebody else's to give back.
  expect(await shop.refs('pawl/')).toEqual([LOCK])
})

test.concurrent('QUEUE-5 a stale lock is recognised, and only an admin may take it away', async () => {
  const shop = await place(world)
  const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000)
  await (await clone(world, shop)).pushBlob(lockOf(shop, twoDaysAgo), LOCK)
  const issue = await shop.ask(price)
  expect((await shop.over(issue)).outcome).toBe('blocked')
  const { findings } = await shop.record(issue)
  expect(findings).toMatchObject([{ rule: 'lock-held', remedy: expect.stringContaining('/unlock') }])

  const refused = await shop.say(issue, '/unlock', 'mia')
  expect(await shop.reaction(refused)).toBe('-1')
  expect(await shop.told(issue, { to: refused })).toContain('admin')
  expect(await shop.refs('pawl/lock')).toEqual([LOCK])

  expect(await shop.reaction(await shop.say(issue, '/unlock', 'ann'))).toBe('+1')
  await untilUnlocked(shop)
  const { codename } = await shop.until(issue, () => true)
  const [unlocked] = await world.app.audit.list({ codename, kinds: ['unlocked'] })
  expect(unlocked?.data).toMatchObject({ actor: 'ann', holder: 'foreign-fox' })

  await shop.say(issue, '/retry')
  await shop.until(issue, ({ attempt, phase }) => attempt === 2 && phase === 'awaiting approval')
  await shop.say(issue, '/approve')
  expect((await shop.over(issue)).outcome).toBe('succeeded')
})

test.concurrent('QUEUE-5 two instances that take it in the same moment cannot both hold it', async () => {
  const shop = await place(world)
  const audit = world.app.audit
  const instance = async (codename: string) => {
    const git = openGit(await mkdtemp(join(world.dir, 'instance-')))
    const token = await world.github.personalToken('ann')
    const desk = {
      name: shop.name,
      git: git.repository(shop.name, { url: `${world.github.url}/${shop.name}.git`, token: async () => token }),
    } as Desk
    const services = { acts: acts(audit), instance: codename } as Services
    const { request } = await shop.record(issue)
    const mine = { ...request, codename }
    return { take: () => takeLock(services, desk, mine), leave: () => leaveLock(services, desk, mine) }
  }
  const issue = await shop.ask(price)
  await shop.planned(issue)
  const instances = await Promise.all(['one-otter', 'two-otter', 'three-otter'].map(instance))
  for (let round = 0; round < 4; round++) {
    const taken = await Promise.all(instances.map(({ take }) => take()))
    const winners = instances.filter((_, at) => taken[at]?.ok)
    expect(winners).toHaveLength(1)
    // Its own again, as after a crash.
    expect(await winners[0]?.take()).toMatchObject({ ok: true })
    await Promise.all(instances.map(({ leave }) => leave()))
    expect(await shop.refs('pawl/lock')).toEqual([])
  }
})
