import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { change, NO_CHECKS, place, startWorld, type World } from '../support/world.ts'

// On a busy machine a story takes many times as long as on an idle one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const raise = change('export const price = 1', 'export const price = 2')

test('TRIG-1 asks GitHub for the permission at that moment, for the person who put the label on', async () => {
  const shop = await place(world, { pushed: false, config: NO_CHECKS })
  const issue = await shop.ask(raise, { by: 'tom' })
  expect((await shop.over(issue)).outcome).toBe('refused')

  await world.github.setCollaborator(shop.name, 'tom', 'write')
  await shop.as('tom').issues.addLabels({ ...shop.at, issue_number: issue, labels: ['pawl'] })
  const started = await shop.until(issue, ({ attempt, phase }) => attempt === 2 && phase === 'awaiting approval')
  expect(started.requester).toBe('tom')

  // Who wrote the issue does not count: it was ann, an admin, both times.
  await world.github.setCollaborator(shop.name, 'tom', 'triage')
  const other = await shop.ask(raise, { by: 'tom' })
  expect((await shop.over(other)).outcome).toBe('refused')
})

test('TRIG-1 starts for listed users and for members of listed teams, whatever their permission', async () => {
  await world.github.addTeam('guild', 'release-managers', ['tom'])
  const config = `${NO_CHECKS}authorised: { permission: admin, users: [BOB], teams: [release-managers] }\n`
  const shop = await place(world, { pushed: false, owner: 'guild', config })
  await world.github.setCollaborator(shop.name, 'bob', 'triage')
  const [byUser, byTeam, byMaintainer] = [
    await shop.ask(raise, { by: 'bob' }),
    await shop.ask(raise, { by: 'tom' }),
    await shop.ask(raise, { by: 'mia' }),
  ]
  expect((await shop.planned(byUser)).outcome).toBeNull()
  expect((await shop.planned(byTeam)).outcome).toBeNull()
  expect((await shop.over(byMaintainer)).outcome).toBe('refused')
  const refusal = await shop.told(byMaintainer, { kind: 'refusal' })
  expect(refusal).toContain('has maintain permission on this repository; to start an update takes admin or more')
  expect(refusal).toContain('somebody with admin permission')
  expect(refusal).toContain('a member of release-managers')
})

test('TRIG-1 listens to the label that the repository has chosen, and to no other', async () => {
  const shop = await place(world, { pushed: false, config: `${NO_CHECKS}label: "ship it"\n` })
  const issue = await shop.ask(raise, { label: 'pawl' })
  await world.quiet()
  expect(await world.app.updates.byIssue(shop.name, issue)).toBeNull()
  expect(await shop.comments(issue)).toEqual([])

  await shop.as('ann').issues.addLabels({ ...shop.at, issue_number: issue, labels: ['ship it'] })
  await shop.planned(issue)
  await shop.told(issue, { kind: 'plan' })
})

test('TRIG-3 refuses in the theme of the repository, takes the label off, and does nothing else', async () => {
  const shop = await place(world, { pushed: false, config: `${NO_CHECKS}theme: mechanic\n` })
  const before = await shop.head()
  const issue = await shop.ask(raise, { by: 'tom' })
  await shop.over(issue)
  await world.quiet()
  const comments = await shop.comments(issue)
  expect(comments).toHaveLength(1)
  const refusal = comments[0]?.body ?? ''
  expect(refusal).toContain('@tom, only authorised fitters may open a job here. Nothing was started.')
  expect(refusal).toContain('has triage permission on this repository; to start an update takes write or more')
  expect(refusal).toContain('Who may: somebody with write permission.')
  expect(await shop.labels(issue)).toEqual([])
  expect([...(await shop.refs('heads/')), ...(await shop.refs('tags/')), ...(await shop.refs('pawl/'))]).toEqual([
    'refs/heads/main',
  ])
  expect(await shop.head()).toEqual(before)

  // A command cannot start what the label could not.
  const retry = await shop.say(issue, '/retry')
  expect(await shop.told(issue, { to: retry })).toContain('Somebody who is authorised puts the label on again')
})

test('TRIG-3 takes a bot for nobody, unless it is listed by name', async () => {
  const shop = await place(world, { pushed: false, config: `${NO_CHECKS}authorised: { users: ["listed[bot]"] }\n` })
  const { data: first } = await shop.as('ann').issues.create({ ...shop.at, title: 'Update it', body: raise })
  const { data: second } = await shop.as('ann').issues.create({ ...shop.at, title: 'Update it', body: raise })
  const stranger = await shop.person('stranger[bot]', 'admin')
  await stranger.issues.addLabels({ ...shop.at, issue_number: first.number, labels: ['pawl'] })
  const listed = await shop.person('listed[bot]', 'triage')
  await listed.issues.addLabels({ ...shop.at, issue_number: second.number, labels: ['pawl'] })

  expect((await shop.over(first.number)).outcome).toBe('refused')
  expect(await shop.told(first.number, { kind: 'refusal' })).toContain('is a bot, and bots may only start an update')
  expect(await shop.labels(first.number)).toEqual([])
  expect((await shop.planned(second.number)).outcome).toBeNull()
})

test('TRIG-1 asks nothing of a closed issue or of a pull request that is labelled', async () => {
  const shop = await place(world, { pushed: false, config: NO_CHECKS })
  const { data: issue } = await shop.as('ann').issues.create({ ...shop.at, title: 'Old', body: raise })
  await shop.as('ann').issues.update({ ...shop.at, issue_number: issue.number, state: 'closed' })
  await shop.as('ann').issues.addLabels({ ...shop.at, issue_number: issue.number, labels: ['pawl'] })
  await shop.as('ann').git.createRef({ ...shop.at, ref: 'refs/heads/mine', sha: (await shop.head()).commit })
  await shop.push('src/price.js', 'export const price = 5\n', 'mine')
  const { data: pull } = await shop.as('ann').pulls.create({ ...shop.at, title: 'Mine', head: 'mine', base: 'main' })
  await shop.as('ann').issues.addLabels({ ...shop.at, issue_number: pull.number, labels: ['pawl'] })
  await world.quiet()
  expect(await world.app.updates.active(shop.name)).toEqual([])
  expect(await shop.comments(issue.number)).toEqual([])
  expect(await shop.comments(pull.number)).toEqual([])
})
