import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { deployedTo, startShopHost, type ShopHost } from '../support/shop-host.ts'
import { change, place, startWorld, type Place, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const RECIPE = `agents:
  - { use: patch }
  - { use: recipe, name: stamp, run: [node, tools/stamp.mjs] }
`
const STAMP = `import { writeFileSync } from 'node:fs'
writeFileSync('src/stamp.js', 'export const stamp = 1\\n')
`

let world: World
let host: ShopHost
let shop: Place
let issue: number
let codename: string
let before: { commit: string; tree: string }

/** One update of two tasks, by two agents, that goes all the way; each test looks at what it left. */
beforeAll(async () => {
  world = await startWorld()
  host = await startShopHost()
  shop = await place(world, { host, config: deployedTo(host, RECIPE), files: { 'tools/stamp.mjs': STAMP } })
  before = await shop.head()
  issue = await shop.approved(`${change('export const price = 1', 'export const price = 2')}\nRecipe: stamp\n`)
  const done = await shop.over(issue)
  if (done.outcome !== 'succeeded') throw new Error(`${done.codename} ended as ${done.outcome}`)
  codename = done.codename
})
afterAll(async () => {
  await world.close()
  await host.close()
})

const pullOf = async () => {
  const number = (await shop.record(issue)).progress?.pull ?? 0
  return (await shop.as('ann').pulls.get({ ...shop.at, pull_number: number })).data
}

test('SNAP-1 the codename is on every comment, commit, branch, tag, check run, deployment and event', async () => {
  const own = (await shop.comments(issue)).filter(({ login }) => login === 'pawl[bot]')
  expect(own.length).toBeGreaterThan(1)
  for (const { body } of own) expect(body.split('\n')[0]).toContain(`"codename":"${codename}"`)

  const pull = await pullOf()
  expect(pull.head.ref).toBe(`pawl/${codename}`)
  expect(pull.title).toContain(codename)
  const { data: commits } = await shop.as('ann').pulls.listCommits({ ...shop.at, pull_number: pull.number })
  for (const { commit } of commits) expect(commit.message).toContain(`Pawl-Update: ${codename}`)
  const { data: merge } = await shop.as('ann').repos.getCommit({ ...shop.at, ref: 'main' })
  expect(merge.commit.message).toContain(`Pawl-Update: ${codename}`)

  for (const [ref, name] of [
    [pull.head.sha, 'Pawl / round 1'],
    [merge.sha, 'Pawl / round 2'],
  ] as const) {
    const { data } = await shop.as('ann').checks.listForRef({ ...shop.at, ref, check_name: name })
    expect(data.check_runs).toMatchObject([{ conclusion: 'success', external_id: codename }])
    expect(data.check_runs[0]?.output.summary).toContain(codename)
  }
  const { data: deployments } = await shop.as('ann').repos.listDeployments({ ...shop.at })
  expect(deployments).toMatchObject([{ task: 'pawl', sha: merge.sha, payload: { codename, reason: 'update' } }])
  expect(deployments[0]?.description).toContain(codename)

  const events = await world.app.audit.list({ repo: shop.name })
  expect(events.length).toBeGreaterThan(10)
  expect(new Set(events.map((event) => event.codename))).toEqual(new Set([codename]))
})

test('SNAP-2 an annotated tag on the base commit says what everything can be restored to', async () => {
  const [name = ''] = await shop.refs('tags/pawl/snapshot/')
  expect(name).toMatch(new RegExp(`^refs/tags/pawl/snapshot/${codename}-\\d{8}T\\d{6}Z$`))
  const { data: ref } = await shop.as('ann').git.getRef({ ...shop.at, ref: name.replace('refs/', '') })
  expect(ref.object.type).toBe('tag')
  const { data: tag } = await shop.as('ann').git.getTag({ ...shop.at, tag_sha: ref.object.sha })
  expect(tag.object).toMatchObject({ type: 'commit', sha: before.commit })
  expect(tag.message).toContain(before.tree)
  expect(tag.message).toContain('Nothing was known to be deployed.')
  expect((await shop.record(issue)).progress?.snapshot).toMatchObject({ ...before, deployed: null })
})

test('SNAP-3 EXEC-1 the change came on a branch of its own, a commit a task in the order of the plan', async () => {
  const pull = await pullOf()
  expect(pull).toMatchObject({ merged: true, base: { ref: 'main' } })
  const { data: commits } = await shop.as('ann').pulls.listCommits({ ...shop.at, pull_number: pull.number })
  const { plan } = await shop.record(issue)
  expect(plan?.tasks.map(({ agent }) => agent)).toEqual(['patch', 'stamp'])
  expect(commits).toHaveLength(2)
  for (const [at, task] of (plan?.tasks ?? []).entries()) {
    const message = commits[at]?.commit.message ?? ''
    expect(message).toContain(`Pawl-Task: ${task.id}\n`)
    const { data } = await shop.as('ann').repos.getCommit({ ...shop.at, ref: commits[at]?.sha ?? '' })
    expect(data.files?.map(({ filename }) => filename)).toEqual(task.changes.map(({ path }) => path))
  }
  expect(await shop.text('src/stamp.js')).toBe('export const stamp = 1\n')
  // Neither the branch nor the ref that kept the commits before it is left.
  expect(await shop.refs('heads/pawl/')).toEqual([])
  expect(await shop.refs('pawl/')).toEqual([])
})

test('EXEC-5 OUT-3 the one status comment ends as the change report', async () => {
  const status = (await shop.comments(issue)).filter(({ body }) => body.includes('"kind":"status"'))
  expect(status).toHaveLength(1)
  const body = status[0]?.body ?? ''
  expect(body).toContain('## Change report')
  expect(body).toContain('src/price.js')
  expect(body).toContain('src/stamp.js')
  expect(body).toContain('round 2 passed')
  expect(body).toContain('production')
  expect(await shop.labels(issue)).toEqual(['pawl', 'pawl:done'])
  expect((await shop.as('ann').issues.get({ ...shop.at, issue_number: issue })).data.state).toBe('closed')
})

test('COMM-1 that comment is edited for each part of the story that people wait in', async () => {
  const events = await world.app.audit.list({ codename })
  const edits = events.filter(({ kind, key }) => kind === 'intent' && key.includes('/edit the status comment'))
  const phases = edits.map(({ data }) => (data as { phase: string }).phase)
  expect(phases.filter((phase) => phase !== 'planning')).toEqual([
    'awaiting approval',
    'round 1',
    'round 2',
    'deploying',
    'reporting',
  ])
})

describe('EXEC-4 the audit log', () => {
  test('has an intent and a result for every write, in a chain that verifies', async () => {
    const events = await world.app.audit.list({ codename })
    const ends = (kind: string) =>
      events.filter((event) => event.kind === kind).map(({ key }) => key.replace(new RegExp(`/${kind}$`), ''))
    expect(ends('result').toSorted()).toEqual(ends('intent').toSorted())
    // Writes over REST, which the other end has counted, and those by git that left something.
    const { writes, byOperation } = world.github.traffic()
    const tokens = byOperation['apps/create-installation-access-token'] ?? 0
    const byGit = ends('intent').filter((key) => /\/(push|take the lock|leave the lock|branch|remove) ?/.test(key))
    expect(ends('intent').length - byGit.length).toBe(writes - tokens)
    expect(await world.app.audit.verify()).toMatchObject({ verified: true })
  })

  test('tells the decisions in their order', async () => {
    const events = await world.app.audit.list({ codename })
    const decisions = events.map(({ kind }) => kind).filter((kind) => kind !== 'intent' && kind !== 'result')
    expect(decisions).toEqual(['authorised', 'plan', 'command', 'approved', 'report', 'outcome'])
  })
})
