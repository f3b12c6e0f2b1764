import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Certificate } from '../../src/model.ts'
import { deployedTo, startShopHost, type ShopHost } from '../support/shop-host.ts'
import { rulesOf } from '../support/stopped.ts'
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

/** Checks are other tests' matter. */
const QUICK = 'preflight: { checks: false }\nvalidation: { round1: { checks: [] }, round2: { checks: [] } }\n'

const price = (to: string, from = 'export const price = 1') => change(from, `export const price = ${to}`)

/** A workflow that a person, or Pawl, starts with the commit to deploy. */
const DISPATCHED = `name: ship
on:
  workflow_dispatch:
    inputs: { sha: { required: true }, who: { required: true } }
jobs:
  ship:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with: { ref: "\${{ inputs.sha }}" }
      - run: node deploy.mjs
        env: { HOST: HOST_URL, SHA: "\${{ inputs.sha }}" }
`

const certificateOf = async (codename: string) => {
  const [event] = await world.app.audit.list({ codename, kinds: ['certificate'] })
  return event?.data as unknown as Certificate
}

describe.concurrent('OUT-2 through a workflow', () => {
  const config = (repo: string) =>
    deployedTo(
      host,
      QUICK,
    )(repo).replace(
      'deploy: { timeout: 20s }',
      "deploy: { via: workflow, timeout: 20s, workflow: { file: ship.yml, inputs: { sha: '{sha}', who: '{codename} {reason}' } } }",
    )
  const files = {
    '.github/workflows/ci.yml': null,
    '.github/workflows/deploy.yml': null,
    '.github/workflows/ship.yml': DISPATCHED,
  }

  test('the merged commit is deployed, and the last good one again when the next is not healthy', async () => {
    const shop = await place(world, { host, files, config })
    expect((await shop.over(await shop.approved(price('2')))).outcome).toBe('succeeded')
    const good = (await shop.head()).commit
    expect(host.running(shop.at.repo)).toBe(good)

    const sick = await shop.approved(price('3 // SICK', 'export const price = 2'))
    const done = await shop.over(sick)
    expect(done.outcome).toBe('rolled-back')
    expect((await shop.record(sick)).progress?.snapshot?.deployed).toMatchObject({
      sha: good,
      environment: 'production',
    })
    expect(host.running(shop.at.repo)).toBe(good)
    expect(await certificateOf(done.codename)).toMatchObject({
      restoration: 'exact',
      deployed: { sha: good, state: 'success' },
    })
  })

  test('OUT-4 a run that fails takes the update back', async () => {
    const shop = await place(world, { host, files, config })
    const before = await shop.head()
    const refused = await shop.approved(price('2 // REFUSED'))
    expect((await shop.over(refused)).outcome).toBe('rolled-back')
    expect(await rulesOf(shop, refused)).toEqual(['deployment-failed'])
    expect(host.running(shop.at.repo)).toBe(before.commit)
  })
})
