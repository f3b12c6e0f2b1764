import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { GATE_SCRIPT, GATED_CI, startShopHost, type ShopHost } from '../support/shop-host.ts'
import { expectStopped, rulesOf } from '../support/stopped.ts'
import { change, place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

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

const files = { '.github/workflows/ci.yml': GATED_CI, 'gate.mjs': GATE_SCRIPT, '.github/workflows/deploy.yml': null }

/** An update whose round 1 has a check that does not end by itself. */
async function stuck(timeout: string) {
  const config = `deploy: { via: none }
validation: { round1: { timeout: ${timeout}, retries: 1 } }
`
  const shop = await place(world, { config, host, files })
  const before = await shop.head()
  const issue = await shop.ask(change('export const price = 1', 'export const price = 2'))
  await shop.planned(issue)
  host.gate(shop.at.repo, false)
  await shop.say(issue, '/approve')
  const attempts = async () => {
    const { data } = await shop.as('ann').actions.listWorkflowRunsForRepo({ ...shop.at, event: 'pull_request' })
    return data.workflow_runs.map(({ run_attempt, conclusion }) => ({ run_attempt, conclusion }))
  }
  return { shop, before, issue, attempts }
}

describe.concurrent('GATE-5 a check that does not end in its time', () => {
  test('is cancelled and started again once, then the update fails with the time-out', async () => {
    const { shop, before, issue, attempts } = await stuck('4s')
    await expectStopped(shop, issue, before, /still (running|queued) after 4 s/)
    expect(await rulesOf(shop, issue)).toEqual(['check-timed-out'])
    expect(await attempts()).toMatchObject([{ run_attempt: 2 }])
    const { codename } = await shop.until(issue, () => true)
    const acts = (await world.app.audit.list({ codename, kinds: ['intent'] })).map(({ key }) => key)
    expect(acts.filter((key) => key.includes('/cancel run '))).toHaveLength(1)
    expect(acts.filter((key) => / again /.test(key))).toHaveLength(1)
    host.gate(shop.at.repo, true)
  })

  test('may pass the second time, and people are told meanwhile', async () => {
    const { shop, issue, attempts } = await stuck('5s')
    await shop.told(issue, { kind: 'status', text: /was still (running|queued) after 5 s/ })
    host.gate(shop.at.repo, true)
    expect((await shop.over(issue)).outcome).toBe('succeeded')
    expect(await attempts()).toEqual([{ run_attempt: 2, conclusion: 'success' }])
  })

  test('never even begins: it is waited for once more, then the update fails', async () => {
    const config = `deploy: { via: none }
preflight: { checks: false }
validation: { round1: { checks: [ghost], appears: 2s, retries: 1 } }
`
    const shop = await place(world, { config })
    const before = await shop.head()
    const issue = await shop.approved(change('export const price = 1', 'export const price = 2'))
    await expectStopped(shop, issue, before, /The check ghost did not appear within 2 s/)
    expect(await rulesOf(shop, issue)).toEqual(['check-missing'])
  })
})
