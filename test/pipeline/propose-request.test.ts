import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { change, NO_CHECKS, place, startWorld, type World } from '../support/world.ts'

// On a busy machine a story takes many times as long as on an idle one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
let server: Server
let address: string
const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
const { promise: answered, resolve: answer } = Promise.withResolvers<void>()

beforeAll(async () => {
  world = await startWorld()
  server = createServer((_request, response) => {
    ask()
    void answered.then(() => response.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await world.close()
})

const quick = { pushed: false, config: NO_CHECKS }
const raise = change('export const price = 1', 'export const price = 2')
const planOf = (attempt: number) => (update: { attempt: number; phase: string; outcome: string | null }) =>
  update.attempt === attempt && (update.phase === 'awaiting approval' || update.outcome !== null)

test('PRE-8 asks for what is missing as a list, and an edit restarts the whole process with the complete text', async () => {
  const shop = await place(world, quick)
  const issue = await shop.ask('')
  expect((await shop.over(issue)).outcome).toBe('needs-info')
  const questions = await shop.told(issue, { kind: 'questions' })
  expect(questions).toContain('The issue says in its title only what is wanted; the body has no text.')
  expect(questions).toContain('Add a \\`diff\\` block, a whole file')
  expect(await shop.labels(issue)).toEqual(['pawl'])

  await shop.as('ann').issues.update({ ...shop.at, issue_number: issue, body: `Two words more.\n\n${raise}` })
  const again = await shop.until(issue, planOf(2))
  expect(again.outcome).toBeNull()
  const { plan, request } = await shop.record(issue)
  expect(plan?.tasks.map(({ title }) => title)).toEqual(['Change src/price.js'])
  expect(request.body).toContain('Two words more.')
  // From PRE-1 on: permission and pre-flight were asked anew.
  const events = (await world.app.audit.list({ codename: again.codename })).map(({ kind }) => kind)
  expect(events).toContain('authorised')
})

test('PRE-8 asks nothing that an edit answered while the request was read', async () => {
  const config = NO_CHECKS.replace('checks: false', `checks: false, services: [{ url: "${address}" }]`)
  const shop = await place(world, { pushed: false, config })
  const issue = await shop.ask('')
  // Pre-flight asks this service, which answers when the edit has been heard.
  await asked
  await shop.as('ann').issues.update({ ...shop.at, issue_number: issue, body: raise })
  await world.quiet()
  answer()
  const planned = await shop.planned(issue)
  expect([planned.outcome, planned.attempt]).toEqual([null, 1])
  expect((await shop.comments(issue)).some(({ body }) => body.includes('"kind":"questions"'))).toBe(false)
})

test('PRE-8 takes an answer of the requester or of somebody authorised, and of nobody else', async () => {
  const shop = await place(world, quick)
  const issue = await shop.ask(`Please.\n\n${change('export const price = 9', 'export const price = 2')}`)
  expect((await shop.over(issue)).outcome).toBe('needs-info')
  await shop.say(issue, `Try this.\n\n${change('export const price = 1', 'export const price = 666')}`, 'eve')
  await shop.say(issue, 'Thanks for the answer.', 'rob')
  await world.quiet()
  expect((await shop.until(issue, () => true)).attempt).toBe(1)

  // A long diff arrives whole: GitHub takes comments of 65,536 characters.
  const long = Array.from({ length: 600 }, (_, at) => `+export const line${at} = '${'x'.repeat(70)}'`).join('\n')
  const added = `\`\`\`diff\n--- /dev/null\n+++ b/src/long.js\n@@ -0,0 +1,600 @@\n${long}\n\`\`\`\n`
  await shop.say(issue, `${raise}\n${added}`, 'bob')
  const again = await shop.until(issue, planOf(2))
  expect(again.outcome).toBeNull()
  const { plan, request } = await shop.record(issue)
  expect(request.answers).toHaveLength(1)
  expect(plan?.tasks.flatMap(({ changes }) => changes.map(({ path, additions }) => [path, additions]))).toEqual([
    ['src/price.js', 1],
    ['src/long.js', 600],
  ])
  expect(plan?.request.requester).toBe('ann')
})

test('PRE-8 says which hunk of a patch does not apply and why, before anybody is asked to approve', async () => {
  const shop = await place(world, quick)
  const body = `\`\`\`diff
--- a/src/shop.js
+++ b/src/shop.js
@@ -1,2 +1,2 @@
 import { price } from './price.js'
-export const shop = () => cost
+export const shop = () => 2 * price
--- a/src/price.js
+++ b/src/price.js
@@ -7 +7 @@
-export const tax = 1
+export const tax = 2
\`\`\`
`
  const issue = await shop.ask(body)
  expect((await shop.over(issue)).outcome).toBe('needs-info')
  const questions = await shop.told(issue, { kind: 'questions' })
  expect(questions).toContain('Task 1: the diff does not apply: src/shop.js, hunk at line 1: the diff expects')
  expect(questions).toContain('“export const shop = \\(\\) =\\> cost” in line 2')
  expect(questions).toContain('src/price.js, hunk at line 7')
  expect(questions).toContain('and the file ends at line 1')
  expect(questions).toContain('Make the diff anew against the head of the default branch and put it into the issue.')
  expect((await shop.comments(issue)).some(({ body: text }) => text.includes('"kind":"plan"'))).toBe(false)
})

test('PRE-8 asks about everything at once: a malformed diff, an unknown recipe, a path that stands elsewhere', async () => {
  const shop = await place(world, quick)
  const issue = await shop.ask(
    `Recipe: polish\n\n\`\`\`diff\n--- a/x\n\`\`\`\n\n${change('export const price = 1', 'export const price = 2', 'price.js')}`,
  )
  expect((await shop.over(issue)).outcome).toBe('needs-info')
  const { findings } = await shop.record(issue)
  expect(findings.map(({ rule }) => rule)).toEqual(['patch-malformed', 'recipe-unknown', 'path-ambiguous'])
  const questions = await shop.told(issue, { kind: 'questions' })
  expect(questions.match(/^- ❌/gm)).toHaveLength(3)
  expect(questions.match(/^ {2}→ /gm)).toHaveLength(3)
})

test('PRE-8 begins nothing for words that no agent of the repository takes', async () => {
  const shop = await place(world, quick)
  const issue = await shop.ask('Make it cheaper.')
  expect((await shop.over(issue)).outcome).toBe('needs-info')
  expect(await shop.told(issue, { kind: 'questions' })).toContain('none of the repository’s agents takes that')
})

test('PRE-8 asks for a way to test where no check, no reviewer and no probe would judge a change', async () => {
  const config = `${NO_CHECKS}validation: { reviewers: [], round1: { checks: [] }, round2: { checks: [] } }\n`
  const shop = await place(world, { ...quick, config })
  const issue = await shop.ask(raise)
  expect((await shop.over(issue)).outcome).toBe('needs-info')
  expect(await shop.told(issue, { kind: 'questions' })).toContain('Nothing would judge this change')
  await shop.push('.github/pawl.yml', config.replace('reviewers: []', 'reviewers: [fidelity]'))
  await shop.say(issue, '/retry')
  expect((await shop.until(issue, planOf(2))).outcome).toBeNull()
})

test('PRE-9 reports every fault of an invalid configuration in one comment, and starts nothing', async () => {
  const config = `label: ship
theme: mechanik
queue:
  slots: many
approval: { expires: soon }
quue: {}
preflight: { checks: false, memory: 900TB }
`
  const shop = await place(world, { pushed: false, config })
  const issue = await shop.ask(raise, { label: 'ship' })
  expect((await shop.over(issue)).outcome).toBe('blocked')
  const comments = (await shop.comments(issue)).filter(({ body }) => !body.includes('"kind":"status"'))
  expect(comments).toHaveLength(1)
  const body = comments[0]?.body ?? ''
  expect(body).toMatch(/^<!-- pawl \{"kind":"config-faults"/)
  expect(body).toContain('4 faults in ')
  expect(body).toMatch(
    /- \[line 2\]\(http.*pawl\.yml#L2\): `theme` mechanik is none of the possible values\n {2}→ did you mean mechanic/,
  )
  expect(body).toMatch(/- \[line 4\]\(http.*#L4\): `queue\.slots` must be a whole number from 1 to 1000/)
  expect(body).toMatch(/- \[line 5\]\(http.*#L5\): `approval\.expires`/)
  expect(body).toMatch(/- \[line 6\]\(http.*#L6\): `quue` quue is not a setting here\n {2}→ did you mean queue/)
  expect(body).toContain('`/retry`')
  expect(await shop.refs('pawl/')).toEqual([])

  await shop.push('.github/pawl.yml', `label: ship\n${NO_CHECKS}`)
  await shop.say(issue, '/retry')
  expect((await shop.until(issue, planOf(2))).outcome).toBeNull()
})

test('PRE-9 tells what else fails beside the faults, where the sound part of the configuration says it', async () => {
  const config = 'deploy: { via: none }\npreflight: { checks: false, memory: 900TB }\nthemes: plain\n'
  const shop = await place(world, { pushed: false, config })
  const issue = await shop.ask(raise)
  expect((await shop.over(issue)).outcome).toBe('blocked')
  const body = await shop.told(issue, { kind: 'config-faults' })
  expect(body).toContain('1 fault in ')
  expect(body).toContain('the floor is 943718400 MB')
})

test('PRE-9 names agents that this installation cannot run, each with the reason and the remedy', async () => {
  const agents =
    'agents: [{ use: patch }, { use: model, model: "nowhere:x" }, { use: command, name: robot, run: [no-such-program] }]\n'
  const shop = await place(world, { pushed: false, config: `${NO_CHECKS}${agents}` })
  const issue = await shop.ask(raise)
  expect((await shop.over(issue)).outcome).toBe('blocked')
  const blocked = await shop.told(issue, { kind: 'blocked' })
  expect(blocked).toContain('The agent model cannot be used: there is no server called nowhere.')
  expect(blocked).toContain('The agent robot cannot be used: no-such-program is not installed')
})
