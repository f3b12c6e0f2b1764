import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { COMMAND_NAMES } from '../../src/policy/command.ts'
import { change, NO_CHECKS, place, startWorld, type World } from '../support/world.ts'

// On a busy machine a story takes many times as long as on an idle one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const raise = change('export const price = 1', 'export const price = 2')
const quick = { pushed: false, config: NO_CHECKS }
type Shop = Awaited<ReturnType<typeof place>>

async function waiting(config = NO_CHECKS): Promise<{ shop: Shop; issue: number }> {
  const shop = await place(world, { ...quick, config })
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  return { shop, issue }
}

async function refused(shop: Shop, issue: number, text: string, by: Parameters<Shop['say']>[2] = 'ann') {
  const comment = await shop.say(issue, text, by)
  expect(await shop.reaction(comment)).toBe('-1')
  return shop.told(issue, { to: comment })
}

test('/help lists every command for whoever can read, and /status says where the update is', async () => {
  const { shop, issue } = await waiting()
  const help = await shop.say(issue, '/help', 'eve')
  expect(await shop.reaction(help)).toBe('+1')
  const list = await shop.told(issue, { to: help })
  for (const name of COMMAND_NAMES) expect(list).toContain(`| \`/${name}`)

  const status = await shop.say(issue, '/STATUS please', 'eve')
  expect(await shop.reaction(status)).toBe('+1')
  const said = await shop.told(issue, { to: status })
  const { codename } = await shop.until(issue, () => true)
  expect(said).toContain(`\`${codename}\`: waiting for approval, since `)
  expect(said).toContain('A person comments `/approve`, `/revise <what>` or `/reject`.')
  expect(said).toContain('[plan](')
})

test('a slip of the keyboard is told, a digest that is none approves nothing, and other words are left alone', async () => {
  const { shop, issue } = await waiting()
  const slip = await shop.say(issue, '/aprove')
  expect(await shop.reaction(slip)).toBe('confused')
  expect(await shop.told(issue, { to: slip })).toContain(
    'There is no such command; `/help` lists those that there are.',
  )
  const digest = await shop.say(issue, '/approve 12345')
  expect(await shop.reaction(digest)).toBe('confused')
  expect(await shop.told(issue, { to: digest })).toContain('What follows `/approve` is no digest')

  const before = (await shop.comments(issue)).length
  for (const text of ['/rebase', 'please /approve', '> /approve', '`/approve`', ' /approve', 'Thanks\n/approve']) {
    await shop.say(issue, text)
  }
  await world.quiet()
  expect(await shop.comments(issue)).toHaveLength(before + 6)
  expect((await shop.until(issue, () => true)).phase).toBe('awaiting approval')
})

test('only new comments count: an edit into a command, or of a command, is not read', async () => {
  const { shop, issue } = await waiting()
  const comment = await shop.say(issue, 'Looks good.')
  await shop.as('ann').issues.updateComment({ ...shop.at, comment_id: comment, body: '/approve' })
  const status = await shop.say(issue, '/status')
  await shop.as('ann').issues.updateComment({ ...shop.at, comment_id: status, body: '/cancel' })
  expect(await shop.told(issue, { to: status })).toContain('waiting for approval')
  await world.quiet()
  expect((await shop.until(issue, () => true)).phase).toBe('awaiting approval')
  const { data } = await shop.as('ann').reactions.listForIssueComment({ ...shop.at, comment_id: comment })
  expect(data).toEqual([])
})

test('TRIG-3 refuses strangers every command but the questions, with a reaction and the reason', async () => {
  const { shop, issue } = await waiting()
  const words = ['/approve', '/revise drop 1', '/reject', '/cancel', '/hold', '/resume', '/rollback', '/retry']
  const said = await Promise.all(words.map(async (text) => ({ text, comment: await shop.say(issue, text, 'eve') })))
  for (const { text, comment } of said) {
    expect(await shop.reaction(comment)).toBe('-1')
    const why = await shop.told(issue, { to: comment })
    expect(why).toContain(`@eve, ${text.split(' ')[0]} is refused. Nothing was changed.`)
    expect(why).toContain('has read permission on this repository')
    expect(why).toContain('Ask somebody with write permission.')
  }
  expect(await refused(shop, issue, '/unlock', 'bob')).toContain('to unlock the repository takes admin or more')
  expect((await shop.until(issue, () => true)).phase).toBe('awaiting approval')

  // Who asked for the update may take it back without being authorised any more.
  await world.github.setCollaborator(shop.name, 'mia', 'write')
  const own = await shop.ask(raise, { by: 'mia' })
  await shop.planned(own)
  await world.github.setCollaborator(shop.name, 'mia', 'none')
  expect(await refused(shop, own, '/approve', 'mia')).toContain('to approve a plan takes write or more')
  await shop.say(own, '/cancel', 'mia')
  expect((await shop.over(own)).outcome).toBe('cancelled')
})

test('bots are left unanswered unless they are listed by name', async () => {
  const { shop, issue } = await waiting(`${NO_CHECKS}authorised: { users: ["helper[bot]"] }\n`)
  const stranger = await shop.person('stranger[bot]', 'admin')
  const before = (await shop.comments(issue)).length
  const said: number[] = []
  for (const body of ['/approve', '/status', '/aprove', '/cancel']) {
    said.push((await stranger.issues.createComment({ ...shop.at, issue_number: issue, body })).data.id)
  }
  await world.quiet()
  expect(await shop.comments(issue)).toHaveLength(before + 4)
  for (const comment_id of said) {
    expect((await shop.as('ann').reactions.listForIssueComment({ ...shop.at, comment_id })).data).toEqual([])
  }
  expect((await shop.until(issue, () => true)).phase).toBe('awaiting approval')

  const helper = await shop.person('helper[bot]', 'read')
  await helper.issues.createComment({ ...shop.at, issue_number: issue, body: '/reject not today' })
  expect((await shop.over(issue)).outcome).toBe('rejected')
})

test('a command that does not fit the moment is refused with what fits', async () => {
  const { shop, issue } = await waiting()
  expect(await refused(shop, issue, '/rollback')).toContain('There is nothing of this update to roll back.')
  expect(await refused(shop, issue, '/resume')).toContain('This update is not held')
  expect(await refused(shop, issue, '/retry')).toContain('This update is still under way.')
  expect(await refused(shop, issue, '/unlock')).toContain('The repository is not locked.')

  await shop.say(issue, '/cancel')
  await shop.over(issue)
  expect(await refused(shop, issue, '/approve')).toContain('There is no plan that waits for approval.')
  expect(await refused(shop, issue, '/cancel')).toContain('This update is over.')
  expect(await refused(shop, issue, '/hold')).toContain('This update is over.')
  await shop.as('ann').issues.update({ ...shop.at, issue_number: issue, state: 'closed' })
  expect(await refused(shop, issue, '/retry')).toContain('The issue is closed.')
})

test('commands on an issue that is none of ours are none of ours', async () => {
  const shop = await place(world, quick)
  const { data } = await shop.as('ann').issues.create({ ...shop.at, title: 'A question', body: 'How much is it?' })
  await shop.say(data.number, '/approve')
  await shop.say(data.number, '/help')
  await world.quiet()
  expect(await shop.comments(data.number)).toHaveLength(2)
})
