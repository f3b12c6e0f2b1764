import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Phase } from '../../src/model.ts'
import { deployByHand, deployedTo, GATE_SCRIPT, GATED_CI, startShopHost, type ShopHost } from '../support/shop-host.ts'
import { rulesOf } from '../support/stopped.ts'
import { change, place, startWorld, type Place, type World } from '../support/world.ts'

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

const files = { '.github/workflows/ci.yml': GATED_CI, 'gate.mjs': GATE_SCRIPT }
/** The recipe takes as long as a person needs to say something. */
const SLOW_RECIPE = `agents: [{ use: patch }, { use: recipe, name: slow, run: [node, -e, "setTimeout(() => require('fs').writeFileSync('src/slow.js', 'export const slow = 1\\\\n'), 2500)"] }]
`

const withLongSoak = (repo: string) => deployedTo(host, SLOW_RECIPE)(repo).replace('soak: 2s', 'soak: 10m')

/** An update that stands still in a phase: at the gate of a round, in a deployment that lasts, in a long soak. */
async function standingIn(phase: Phase) {
  const shop = await place(world, { host, files, config: withLongSoak })
  const good = await deployByHand(shop)
  const before = await shop.head()
  const how = phase === 'deploying' ? ' // HELD' : ''
  const body = change('export const price = 1', `export const price = 2${how}`)
  const issue = await shop.ask(phase === 'executing' ? `Recipe: slow\n\n${body}` : body)
  await shop.planned(issue)
  if (phase === 'round 1') host.gate(shop.at.repo, false)
  await shop.say(issue, '/approve')
  if (phase === 'round 2') {
    await shop.until(issue, (update) => update.phase === 'merging')
    host.gate(shop.at.repo, false)
  }
  await shop.until(issue, (update) => update.phase === phase)
  return { shop, good, before, issue, open: () => host.gate(shop.at.repo, true) }
}

const words = {
  'says /cancel': { rule: 'cancelled', act: (shop: Place, issue: number) => shop.say(issue, '/cancel', 'bob') },
  'closes the issue': {
    rule: 'issue-closed',
    act: (shop: Place, issue: number) =>
      shop.as('bob').issues.update({ ...shop.at, issue_number: issue, state: 'closed' }),
  },
  'takes the label off': {
    rule: 'label-removed',
    act: (shop: Place, issue: number) =>
      shop.as('bob').issues.removeLabel({ ...shop.at, issue_number: issue, name: 'pawl' }),
  },
} as const

const stories: [Phase, keyof typeof words, 'cancelled' | 'rolled-back'][] = [
  ['executing', 'says /cancel', 'cancelled'],
  ['round 1', 'closes the issue', 'cancelled'],
  ['round 1', 'takes the label off', 'cancelled'],
  ['round 2', 'takes the label off', 'rolled-back'],
  ['soak', 'says /cancel', 'rolled-back'],
]

describe.concurrent('when somebody', () => {
  for (const [phase, word, outcome] of stories) {
    test(`${word} in the phase ${phase}, the update ends as ${outcome} and all is as it was: SNAP-4`, async () => {
      const { shop, good, before, issue, open } = await standingIn(phase)
      await words[word].act(shop, issue)
      const done = await shop.over(issue)
      open()
      expect(done.outcome).toBe(outcome)
      expect(await rulesOf(shop, issue)).toEqual([words[word].rule])
      expect((await shop.head()).tree).toBe(before.tree)
      expect(host.running(shop.at.repo)).toBe(good)
      expect(await shop.refs('heads/pawl/')).toEqual([])
      expect(await shop.refs('pawl/')).toEqual([])
      const { data: pulls } = await shop.as('ann').pulls.list({ ...shop.at, state: 'open' })
      expect(pulls).toEqual([])
      expect(await shop.told(issue, { kind: 'failure-report' })).toContain('@&#8203;bob')
    })
  }

  test('closes the issue in the phase deploying, the way back waits for what is under way and ends with the last good version: SNAP-4', async () => {
    const { shop, good, before, issue } = await standingIn('deploying')
    await shop.as('bob').issues.update({ ...shop.at, issue_number: issue, state: 'closed' })
    await shop.told(issue, { kind: 'status', text: /still under way/ })
    host.letGo(shop.at.repo)
    expect((await shop.over(issue)).outcome).toBe('rolled-back')
    expect(await rulesOf(shop, issue)).toEqual(['issue-closed'])
    const { progress } = await shop.record(issue)
    expect(host.history(shop.at.repo)).toEqual([good, progress?.merged?.commit, good])
    expect((await shop.head()).tree).toBe(before.tree)
  })

  test('says several such things at once, the first counts and the way back goes on to its end', async () => {
    const { shop, good, before, issue } = await standingIn('soak')
    await shop.say(issue, '/cancel', 'bob')
    await shop.as('bob').issues.update({ ...shop.at, issue_number: issue, state: 'closed' })
    await shop.say(issue, '/rollback', 'ann')
    expect((await shop.over(issue)).outcome).toBe('rolled-back')
    expect((await shop.head()).tree).toBe(before.tree)
    expect(host.running(shop.at.repo)).toBe(good)
  })
})
