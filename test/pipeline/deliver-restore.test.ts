import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Certificate } from '../../src/model.ts'
import { deployByHand, deployedTo, startShopHost, type ShopHost } from '../support/shop-host.ts'
import { rulesOf } from '../support/stopped.ts'
import { change, CI, place, startWorld, type Place, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

/** Fails on the default branch only, for a source that says ONLY_MAIN. */
const CI_OF_MAIN = `${CI}      - if: github.event_name == 'push'
        run: |
          echo "counting prices"
          ! grep -rn ONLY_MAIN src
`

let world: World
let host: ShopHost
beforeAll(async () => {
  world = await startWorld()
  host = await startShopHost()
})
afterAll(async () => {
  await world.close()
  await host.close()
})

/** A shop whose first version is in service, and an approved change of it to a version that behaves as `text` says. */
async function changed(text: string, given: Partial<Parameters<typeof place>[1]> = {}) {
  const shop = await place(world, { host, config: deployedTo(host), ...given })
  const good = await deployByHand(shop)
  const before = await shop.head()
  const issue = await shop.approved(change('export const price = 1', `export const price = 2 // ${text}`))
  const done = await shop.over(issue)
  return { shop, good, before, issue, done }
}

async function certificateOf(codename: string): Promise<Certificate> {
  const [event] = await world.app.audit.list({ codename, kinds: ['certificate'] })
  return event?.data as unknown as Certificate
}

const reportOf = (shop: Place, issue: number) => shop.told(issue, { kind: 'failure-report' })

/** What holds after every way back, whatever led to it. */
async function expectRestored({ shop, good, before, issue, done }: Awaited<ReturnType<typeof changed>>) {
  expect(done.outcome).toBe('rolled-back')
  const after = await shop.head()
  expect(after.tree).toBe(before.tree)
  expect(host.running(shop.at.repo)).toBe(good)
  const certificate = await certificateOf(done.codename)
  expect(certificate).toMatchObject({
    codename: done.codename,
    restoration: 'exact',
    snapshot: before,
    final: after,
    deployed: { sha: good },
  })
  const report = await reportOf(shop, issue)
  expect(report).toContain('## Restoration certificate')
  expect(report).toContain(before.tree)
  expect(report).toContain('`/retry`')
  expect(await shop.refs('heads/pawl/')).toEqual([])
  expect(await shop.refs('pawl/')).toEqual([])
  expect(await shop.labels(issue)).toEqual(['pawl', 'pawl:failed'])
  return { certificate, report }
}

describe.concurrent('SNAP-4 SNAP-5 the exact tree and the last good version are back, with a certificate,', () => {
  test('GATE2-1 GATE2-2 OUT-4 when round 2 fails, and nothing was deployed', async () => {
    const told = await changed('ONLY_MAIN', { files: { '.github/workflows/ci.yml': CI_OF_MAIN } })
    const { report, certificate } = await expectRestored(told)
    expect(host.history(told.shop.at.repo)).toEqual([told.good])
    expect(certificate.deployed?.state).toBe('untouched')
    // The failed job's log, what it says, and what went well before.
    expect(report).toContain('counting prices')
    expect(report).toContain('ONLY_MAIN')
    expect(report).toContain('What succeeded')
    expect(report).toMatch(/round 1 of validation/)
  })

  test('OUT-2 when the deployment is refused', async () => {
    const told = await changed('REFUSED')
    const { report, certificate } = await expectRestored(told)
    expect(certificate.deployed?.state).toBe('success')
    expect(report).toContain('the disk is full')
  })

  test('GATE-5 when nobody reports the deployment in time', async () => {
    const config = (repo: string) => deployedTo(host)(repo).replace('timeout: 20s', 'timeout: 4s')
    const told = await changed('MUTE', { config })
    await expectRestored(told)
    expect(await rulesOf(told.shop, told.issue)).toEqual(['deployment-timed-out'])
    expect(host.history(told.shop.at.repo)).toHaveLength(3)
  })

  test('MON-2 when the new version is not healthy', async () => {
    const told = await changed('SICK')
    const { certificate } = await expectRestored(told)
    expect(certificate.probes).toMatchObject([{ probe: 'shop', healthy: true }])
    expect(await rulesOf(told.shop, told.issue)).toEqual(['not-healthy'])
    expect(host.history(told.shop.at.repo)).toEqual([told.good, expect.any(String), told.good])
  })
})
