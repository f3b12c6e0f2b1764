import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startModelServer, type ModelServer, type Turn } from '../support/model-server.ts'
import { expectStopped, rulesOf } from '../support/stopped.ts'
import { until } from '../support/until.ts'
import { change, NO_DEPLOYMENT, place, startWorld, type Place, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const KEY = 'sk-reviewer-key'
const report = (summary: string, remarks: object[] = []): Turn => ({
  calls: [{ tool: 'report', input: { summary, remarks } }],
})
const objection = { blocks: true, path: 'src/price.js', line: 1, message: 'The price is a secret of the house.' }
const scripts: Record<string, Turn[]> = {
  content: [report('It does what was asked.', [{ ...objection, blocks: false, message: 'A comment would help.' }])],
  against: [report('It tells the price.', [objection])],
  stalled: [{ stall: true }],
}

let world: World
const servers: Record<string, ModelServer> = {}
beforeAll(async () => {
  for (const [name, script] of Object.entries(scripts)) servers[name] = await startModelServer(script)
  const served = Object.entries(servers).map(([name, { url }]) => [name, { api: 'anthropic' as const, url, key: KEY }])
  world = await startWorld({ agents: { keys: [], servers: Object.fromEntries(served) } })
})
afterAll(async () => {
  await world.close()
  for (const server of Object.values(servers)) await server.close()
})

const price = change('export const price = 1', 'export const price = 2')
const NO_CHECKS = `${NO_DEPLOYMENT}preflight: { checks: false }\n`
const withReview = (server: string, more = '') => `${NO_CHECKS}validation:
  round1: { checks: [] }
  round2: { checks: [] }
  reviewers: [fidelity, review]
  review: { model: "${server}:model-1"${more} }
`

/** Waits until round 1 has been looked at with all that has been said so far. */
async function looked(shop: Place, issue: number): Promise<void> {
  const looks = async () => {
    const { rowCount } = await world.database.pool.query(
      `SELECT 1 FROM dbos.operation_outputs WHERE workflow_uuid LIKE $1 AND function_name LIKE 'round 1.1: look%'`,
      [`${shop.name}#${issue}@1%`],
    )
    return rowCount ?? 0
  }
  await world.quiet()
  // One look may have begun before; the one after it has seen everything.
  const before = await looks()
  await until(async () => (await shop.until(issue, () => true)).phase !== 'round 1' || (await looks()) >= before + 2)
}

/** The annotations of Pawl's own check on a commit. */
async function annotations(shop: Place, ref: string, round = 1) {
  const { data } = await shop.as('ann').checks.listForRef({ ...shop.at, ref, check_name: `Pawl / round ${round}` })
  const found = await shop.as('ann').checks.listAnnotations({ ...shop.at, check_run_id: data.check_runs[0]?.id ?? 0 })
  return found.data.map(({ path, start_line: line, annotation_level: level, message }) => [path, line, level, message])
}

describe.concurrent('GATE1-3 a model that reviews', () => {
  test('reads the request and the diff as data, and what it remarks stands at its line', async () => {
    const shop = await place(world, { config: withReview('content') })
    const issue = await shop.approved(price, { title: 'Raise the price' })
    const { plan } = await shop.record(issue)
    expect(plan?.resources.budget).toContain('review: 3 steps')
    expect((await shop.over(issue)).outcome).toBe('succeeded')
    const { progress } = await shop.record(issue)
    expect(await annotations(shop, progress?.head?.commit ?? '')).toEqual([
      ['src/price.js', 1, 'warning', 'A comment would help.'],
    ])
    // Round 2 has the same tree, so the model is asked once.
    expect(servers['content']?.asked).toHaveLength(1)
    const asked = JSON.stringify(servers['content']?.asked[0]?.body)
    expect(asked).toMatch(/of=\\"the diff\\" from=\\"repository\\">[^<]*\+export const price = 2/)
    expect(asked).toMatch(/of=\\"the title of the issue\\" from=\\"maintainer\\"/)
  })

  test('blocks what it objects to', async () => {
    const shop = await place(world, { config: withReview('against') })
    const before = await shop.head()
    const issue = await shop.approved(price)
    await expectStopped(shop, issue, before, /secret of the house/)
    expect(await rulesOf(shop, issue)).toContain('review-found')
  })

  test('has not approved by saying nothing in time', async () => {
    const shop = await place(world, { config: withReview('stalled', ', budget: { time: 2s }') })
    const before = await shop.head()
    const issue = await shop.approved(price)
    await expectStopped(shop, issue, before, /stopped after its time/)
    expect(await rulesOf(shop, issue)).toContain('reviewer-error')
    expect(JSON.stringify(await shop.comments(issue))).not.toContain(KEY)
  })

  test('PRE-4 whose key or server is missing is told before anything begins', async () => {
    const shop = await place(world, { config: withReview('nowhere') })
    const issue = await shop.ask(price)
    expect((await shop.over(issue)).outcome).toBe('blocked')
    expect(await shop.told(issue, { kind: 'blocked' })).toContain('there is no server called nowhere')
  })
})

const BY_PEOPLE = `${NO_CHECKS}validation:
  round1: { checks: [] }
  round2: { checks: [] }
  reviewers: [fidelity, humans]
`
const OWNERS = '* @ann\nsrc/** @ann\nsrc/price.js @bob @acme/keepers\n'

describe.concurrent('GATE1-3 the owners of what is touched', () => {
  const reviewed = async () => {
    const shop = await place(world, { config: BY_PEOPLE, files: { CODEOWNERS: OWNERS } })
    const issue = await shop.approved(price)
    await shop.until(issue, ({ state }) => JSON.stringify(state['findings']).includes('review-missing'))
    const { progress } = await shop.record(issue)
    return { shop, issue, review: { ...shop.at, pull_number: progress?.pull ?? 0, body: 'I looked.' } }
  }

  test('one of them must approve the head; others, bots and strangers do not count', async () => {
    const { shop, issue, review } = await reviewed()
    const told = await shop.told(issue, { kind: 'status', text: /No owner/ })
    expect(told).toMatch(/bob.*has approved src.price\.js/)
    const bot = await shop.person('keeper[bot]', 'admin')
    for (const client of [bot, shop.as('ann'), shop.as('eve')]) {
      await client.pulls.createReview({ ...review, event: 'APPROVE' })
    }
    await looked(shop, issue)
    expect((await shop.until(issue, () => true)).phase).toBe('round 1')
    await shop.as('bob').pulls.createReview({ ...review, event: 'APPROVE' })
    expect((await shop.over(issue)).outcome).toBe('succeeded')
  })

  test('GATE-5 nobody reviews in time: it is given up, and no agent is asked to mend it', async () => {
    const config = `${BY_PEOPLE}approval: { expires: 25s, remind: 20s }\n`
    const shop = await place(world, { config, files: { CODEOWNERS: OWNERS } })
    const before = await shop.head()
    const issue = await shop.approved(price)
    await expectStopped(shop, issue, before, /has approved src/)
    expect(await rulesOf(shop, issue)).toEqual(['review-missing'])
  })

  test('the review of another commit counts for nothing', async () => {
    const { shop, issue, review } = await reviewed()
    const older = await shop.head()
    await shop.as('bob').pulls.createReview({ ...review, event: 'APPROVE', commit_id: older.commit })
    await looked(shop, issue)
    expect((await shop.until(issue, () => true)).phase).toBe('round 1')
    await shop.as('bob').pulls.createReview({ ...review, event: 'APPROVE' })
    expect((await shop.over(issue)).outcome).toBe('succeeded')
  })
})

describe('GATE1-2 advisories about what a change adds', () => {
  const before = '{ "name": "shop" }'
  const after = '{ "name": "shop", "dependencies": { "leaky": "1.0.0" } }'
  const adding = async (severity: string | null) => {
    const config = `${NO_CHECKS}validation: { round1: { checks: [] }, round2: { checks: [] } }\n`
    const shop = await place(world, { config, files: { 'package.json': `${before}\n` } })
    const about = { manifest: 'package.json', ecosystem: 'npm', name: 'leaky', version: '1.0.0', license: 'MIT' }
    const vulnerabilities = severity === null ? [] : [{ severity, ghsa: 'GHSA-aaaa-bbbb-cccc', summary: 'It leaks.' }]
    await world.github.addDependency(shop.name, { ...about, vulnerabilities })
    return { shop, head: await shop.head() }
  }

  test('a version with a known vulnerability blocks, by severity and GHSA', async () => {
    const { shop, head } = await adding('high')
    const issue = await shop.approved(change(before, after, 'package.json'))
    await expectStopped(shop, issue, head, /high, GHSA-aaaa-bbbb-cccc/)
    expect(await rulesOf(shop, issue)).toContain('dependency-vulnerable')
  })

  test('one without is told with its licence; where GitHub has no such review, that is said', async () => {
    const { shop } = await adding(null)
    world.github.faults.next('dependency-graph/diff-range', { status: 403, message: 'Dependency review is not on' })
    const issue = await shop.approved(change(before, after, 'package.json'))
    expect((await shop.over(issue)).outcome).toBe('succeeded')
    const { progress } = await shop.record(issue)
    const { data } = await shop.as('ann').checks.listForRef({ ...shop.at, ref: progress?.head?.commit ?? '' })
    const first = data.check_runs.find(({ name }) => name === 'Pawl / round 1')
    expect(first?.output.summary).toContain('Dependency review is not on')
    const told = JSON.stringify(await annotations(shop, progress?.merged?.commit ?? '', 2))
    expect(told).toContain('adds npm/leaky 1.0.0, licence MIT')
  })
})
