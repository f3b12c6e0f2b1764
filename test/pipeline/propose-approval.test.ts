import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { change, NO_CHECKS, place, startWorld, type World } from '../support/world.ts'

// On a busy machine a story takes many times as long as on an idle one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

/** Without workflows an approved update needs no checks and is carried out at once. */
const bare = { files: { '.github/workflows/ci.yml': null } }
const raise = change('export const price = 1', 'export const price = 2')
const two = `${raise}\n\`\`\`txt path=docs/more.txt\nmore\n\`\`\`\n`
const queued = ({ stage, outcome }: { stage: string; outcome: string | null }) =>
  stage === 'deliver' || outcome !== null

/** Refused: the reaction, and the reason in the reply. */
async function refusal(shop: Awaited<ReturnType<typeof place>>, issue: number, comment: number): Promise<string> {
  expect(await shop.reaction(comment)).toBe('-1')
  return shop.told(issue, { to: comment })
}

test('PLAN-11 PLAN-13 takes the approval of those who may, by permission or by name, and says to others why not', async () => {
  const config = `${NO_CHECKS}approval: { permission: maintain, users: [rob], teams: [] }\n`
  const shop = await place(world, { ...bare, config })
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  expect(await shop.told(issue, { kind: 'plan' })).toContain(
    '1 approval needed, by somebody with maintain permission or @&#8203;rob.',
  )
  const no = await refusal(shop, issue, await shop.say(issue, '/approve', 'bob'))
  expect(no).toContain('@bob, /approve is refused. Nothing was changed.')
  expect(no).toContain('has write permission on this repository; to approve a plan takes maintain or more')

  const yes = await shop.say(issue, 'approve', 'rob')
  const really = await shop.say(issue, '/approve', 'rob')
  expect(await shop.reaction(really)).toBe('+1')
  const { stage } = await shop.until(issue, queued)
  expect(stage).toBe('deliver')
  const { approvals, order } = await shop.record(issue)
  expect(approvals.map(({ login }) => login)).toEqual(['rob'])
  expect(order?.plan.digest).toBe(approvals[0]?.digest)
  // PLAN-13
  const events = await world.app.audit.list({
    codename: (await shop.record(issue)).request.codename,
    kinds: ['approved'],
  })
  expect(events.map(({ data }) => data)).toEqual([JSON.parse(JSON.stringify({ approvals, plan: order?.plan }))])
  const { data } = await shop.as('ann').reactions.listForIssueComment({ ...shop.at, comment_id: yes })
  expect(data).toEqual([])
})

test('PLAN-11 does not let the requester approve where the repository says so', async () => {
  const shop = await place(world, { ...bare, config: `${NO_CHECKS}approval: { requester: false }\n` })
  const issue = await shop.ask(raise, { by: 'mia' })
  await shop.planned(issue)
  expect(await shop.told(issue, { kind: 'plan' })).toContain('The requester may not approve.')
  const no = await refusal(shop, issue, await shop.say(issue, '/approve', 'mia'))
  expect(no).toContain('asked for this update, and this repository wants somebody else to approve it')
  await shop.say(issue, '/approve', 'bob')
  await shop.until(issue, queued)
})

test('PLAN-11 waits for two different people where the risk is high, and shows that one is missing', async () => {
  const shop = await place(world, { ...bare, config: `${NO_CHECKS}approval: { count: { medium: 2 } }\n` })
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  await shop.say(issue, '/approve', 'bob')
  expect(await shop.told(issue, { kind: 'status', text: /1 of 2 approvals/ })).toContain('1 more needed')
  const twice = await shop.say(issue, '/approve', 'bob')
  await shop.reaction(twice)
  const asked = await shop.say(issue, '/status')
  expect(await shop.told(issue, { to: asked })).toContain('1 of 2 approvals are there; 1 more needed.')
  expect((await shop.until(issue, () => true)).phase).toBe('awaiting approval')

  await shop.say(issue, '/approve', 'ann')
  await shop.until(issue, queued)
  expect((await shop.record(issue)).approvals.map(({ login }) => login)).toEqual(['bob', 'ann'])
})

test('PLAN-11 makes a new revision of what /revise asks, with what changed since the last one', async () => {
  const shop = await place(world, { pushed: false, config: NO_CHECKS })
  const issue = await shop.ask(two)
  await shop.planned(issue)
  const first = (await shop.record(issue)).plan
  await shop.say(issue, '/revise drop 2\ncheck "unit tests"')
  await shop.planned(issue, 2)
  const body = await shop.told(issue, { kind: 'plan', text: /revision 2/ })
  expect(body).toContain(', revision 2: Change the price')
  expect(body).toContain('the plan is ready. Nothing is changed until it is approved.')
  expect(body).toContain('- Dropped: task 2 \\(Write docs/more.txt\\).')
  expect(body).toContain('### What changed since revision 1')
  expect(body).toContain('- Task 2 (Write docs/more.txt) is dropped.')
  expect(body).toContain('- Files no longer touched: `docs/more.txt`')
  expect(body).toContain('- Checks of round 1: `all that run` → ')
  const second = (await shop.record(issue)).plan
  expect(second?.digest).not.toBe(first?.digest)
  expect(second?.checks.round1.names).toEqual(['unit tests'])

  await shop.say(issue, '/revise exclude lib/**')
  await shop.planned(issue, 3)
  expect(await shop.told(issue, { kind: 'plan', text: /revision 3/ })).toContain(
    '- Nothing may change any more under: `lib/**`',
  )
})

test('PLAN-11 refuses a revision that it cannot read or carry out, and keeps the plan that waits', async () => {
  const shop = await place(world, { pushed: false, config: NO_CHECKS })
  const issue = await shop.ask(two)
  await shop.planned(issue)
  const unread = await refusal(shop, issue, await shop.say(issue, '/revise make it blue'))
  expect(unread).toContain('“make it blue” is no revision that a plan made by rules can carry out')
  expect(unread).toContain('drop 2')
  const empty = await refusal(shop, issue, await shop.say(issue, '/revise'))
  expect(empty).toContain('The command says nothing to revise.')
  const nobody = await refusal(shop, issue, await shop.say(issue, '/revise agent 1 = nobody'))
  expect(nobody).toContain('and there is no agent of that name')
  const nothing = await refusal(shop, issue, await shop.say(issue, '/revise exclude src/**, docs/**'))
  expect(nothing).toContain('The revisions leave nothing to do.')
  const { phase, state } = await shop.until(issue, () => true)
  expect([phase, state['revision']]).toEqual(['awaiting approval', 1])
})

test('PLAN-11 ends a request on /reject, with the reason, and begins again on /retry', async () => {
  const shop = await place(world, { pushed: false, config: NO_CHECKS })
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  await shop.say(issue, '/reject too expensive\nfor all of us', 'bob')
  expect((await shop.over(issue)).outcome).toBe('rejected')
  const ending = await shop.told(issue, { kind: 'ending' })
  expect(ending).toContain('was rejected. Nothing was changed.')
  expect(ending).toContain('@&#8203;bob rejected the plan: too expensive for all of us')
  expect(await shop.labels(issue)).toEqual(['pawl'])
  await shop.say(issue, '/retry')
  await shop.until(issue, ({ attempt, phase }) => attempt === 2 && phase === 'awaiting approval')
})

test('PLAN-11 reminds once and then lets the plan expire', async () => {
  const shop = await place(world, {
    pushed: false,
    config: `${NO_CHECKS}approval: { remind: 400ms, expires: 1500ms }\n`,
  })
  const issue = await shop.ask(raise)
  await shop.planned(issue)
  const { plan } = await shop.record(issue)
  const reminder = await shop.told(issue, { kind: 'reminder' })
  expect(reminder).toContain('@ann, the plan for ')
  expect(reminder).toContain(`\`/approve ${plan?.digest.slice(0, 12)}\` by somebody with write permission`)
  expect(reminder).toMatch(/\[The plan\]\(http.*#issuecomment-\d+\)/)
  const { outcome } = await shop.over(issue)
  expect(outcome).toBe('expired')
  expect(await shop.told(issue, { kind: 'ending' })).toContain('Nobody approved the plan within 1.5 s.')
  expect((await shop.comments(issue)).filter(({ body }) => body.includes('"kind":"reminder"'))).toHaveLength(1)
  const late = await refusal(shop, issue, await shop.say(issue, '/approve'))
  expect(late).toContain('There is no plan that waits for approval.')
})
