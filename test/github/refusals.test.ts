import nock from 'nock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cancelRun, dispatchWorkflow, rerun } from '../../src/github/actions.ts'
import { jobLog } from '../../src/github/checks.ts'
import type { RepositoryConnection } from '../../src/github/client.ts'
import { createDeployment, deploymentState, listDeployments } from '../../src/github/deployments.ts'
import { findComment, react, removeLabel } from '../../src/github/issues.ts'
import { permissionOf, teamsOf } from '../../src/github/people.ts'
import { protectionOf } from '../../src/github/protection.ts'
import { mergePull } from '../../src/github/pulls.ts'
import { createRelease, releaseOf } from '../../src/github/releases.ts'
import { github, testApp, tokens } from './app.ts'

let at: RepositoryConnection
beforeEach(() => {
  nock.disableNetConnect()
  tokens()
  at = testApp().connect(3, 'acme/shop')
})
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})
const refuse = (status: number, message: string) =>
  [status, { message, documentation_url: 'https://docs.github.com/rest' }] as const

const PULL = { number: 5, sha: 'a'.repeat(40), method: 'squash', title: 't', message: 'm' } as const
test.each([
  [409, 'Head branch was modified. Review and try the merge again.', 'moved'],
  [405, 'Pull Request is not mergeable', 'refused'],
  [405, 'At least 1 approving review is required by reviewers with write access.', 'refused'],
  [403, 'Resource not accessible by integration', 'refused'],
  [422, 'Validation Failed', 'refused'],
])('a merge that is answered %i (%s) is %s, at once and without another try', async (status, message, why) => {
  let asked = 0
  github()
    .persist()
    .put('/repos/acme/shop/pulls/5/merge', {
      sha: PULL.sha,
      merge_method: 'squash',
      commit_title: 't',
      commit_message: 'm',
    })
    .reply(() => {
      asked += 1
      return [...refuse(status, message)]
    })
  expect(await mergePull(at, PULL)).toEqual({ merged: false, why, message })
  expect(asked).toBe(1)
})

test.each([401, 404, 500, 502])('a merge that is answered %i is an error', async (status) => {
  github()
    .put('/repos/acme/shop/pulls/5/merge')
    .reply(...refuse(status, 'no'))
  await expect(mergePull(at, PULL)).rejects.toMatchObject({ status })
})

test.each([
  [409, 'Conflict merging main into abc.'],
  [422, 'No ref found for: abc'],
])('a deployment that is answered %i is refused with the reason', async (status, message) => {
  github()
    .post('/repos/acme/shop/deployments')
    .reply(...refuse(status, message))
  const wanted = { sha: 'abc', environment: 'production', description: 'd', codename: 'brave-otter', reason: 'update' }
  expect(await createDeployment(at, wanted)).toEqual({ ok: false, message })
})

test('a deployment is created for exactly the commit, without a merge and without checks of GitHub', async () => {
  const bodies: unknown[] = []
  github()
    .post('/repos/acme/shop/deployments')
    .reply(201, async (request: Request) => {
      bodies.push(await request.json())
      return { id: 9 }
    })
  const wanted = { sha: 'abc', environment: 'production', description: 'd', codename: 'brave-otter', reason: 'update' }
  expect(await createDeployment(at, wanted)).toEqual({ ok: true, id: 9 })
  expect(bodies).toMatchObject([
    { ref: 'abc', auto_merge: false, required_contexts: [], payload: { codename: 'brave-otter', reason: 'update' } },
  ])
})

test('deployments of others have whatever payload their makers wrote, and no codename of ours', async () => {
  const payloads = [
    '',
    '{"codename":"brave-otter"}',
    '{',
    '[]',
    { codename: 7 },
    { codename: 'calm-lynx' },
    null,
    '"x"',
  ]
  github()
    .get('/repos/acme/shop/deployments')
    .query({ environment: 'production', per_page: 30 })
    .reply(
      200,
      payloads.map((payload, id) => ({ id, sha: 'abc', payload })),
    )
  const found = await listDeployments(at, 'production')
  expect(found.map(({ codename }) => codename)).toEqual([
    null,
    'brave-otter',
    null,
    null,
    null,
    'calm-lynx',
    null,
    null,
  ])
})

test('a deployment that nobody reported yet is pending', async () => {
  github().get('/repos/acme/shop/deployments/9/statuses').query(true).reply(200, [])
  expect(await deploymentState(at, 9)).toMatchObject({ state: 'pending', final: false, unheard: true })
})

test('a stranger, and someone whom GitHub does not know, has no permission', async () => {
  github()
    .get('/repos/acme/shop/collaborators/eve/permission')
    .reply(...refuse(404, 'eve is not a user'))
  expect(await permissionOf(at, 'eve')).toBe('none')
})

test.each([
  ['triage', 'read', 'triage'],
  ['maintain', 'write', 'maintain'],
  ['release-captain', 'write', 'write'],
  ['none', 'none', 'none'],
])('the role %s over the permission %s is %s', async (role_name, permission, expected) => {
  github().get('/repos/acme/shop/collaborators/ann/permission').reply(200, { role_name, permission })
  expect(await permissionOf(at, 'ann')).toBe(expected)
})

test('only an active member belongs to a team; one that the app may not see counts as no team', async () => {
  const member = (team: string) => github().get(`/orgs/${team}/memberships/ann`)
  member('acme/teams/core').reply(200, { state: 'active' })
  member('acme/teams/invited').reply(200, { state: 'pending' })
  member('other/teams/core').reply(...refuse(403, 'Resource not accessible by integration'))
  member('acme/teams/none').reply(...refuse(404, 'Not Found'))
  expect(await teamsOf(at, 'ann', ['core', 'invited', 'other/core', 'none'])).toEqual(['core'])
})

test('what is gone already needs no doing', async () => {
  github()
    .delete('/repos/acme/shop/issues/1/labels/pawl')
    .reply(...refuse(404, 'Label does not exist'))
  await expect(removeLabel(at, 1, 'pawl')).resolves.toBeUndefined()
  github()
    .post('/repos/acme/shop/issues/comments/7/reactions')
    .reply(...refuse(404, 'Not Found'))
  await expect(react(at, 7, 'eyes')).resolves.toBeUndefined()
  github()
    .post('/repos/acme/shop/actions/runs/8/cancel')
    .reply(...refuse(409, 'Cannot cancel a workflow run that is completed.'))
  await expect(cancelRun(at, 8)).resolves.toBeUndefined()
})

test.each([
  [201, true],
  [403, false],
  [409, false],
])('a rerun that is answered %i is %s', async (status, expected) => {
  github().post('/repos/acme/shop/actions/runs/8/rerun').reply(status, {})
  expect(await rerun(at, 8)).toBe(expected)
})

test('a workflow that cannot be dispatched is refused with the reason', async () => {
  github()
    .post('/repos/acme/shop/actions/workflows/ship.yml/dispatches')
    .reply(...refuse(422, "Workflow does not have 'workflow_dispatch' trigger"))
  const answer = await dispatchWorkflow(at, { file: 'ship.yml', ref: 'main', inputs: {} })
  expect(answer).toEqual({ ok: false, message: "Workflow does not have 'workflow_dispatch' trigger" })
})

test('a log that has expired is none', async () => {
  github()
    .get('/repos/acme/shop/actions/jobs/8/logs')
    .reply(...refuse(410, 'The job logs have expired'))
  expect(await jobLog(at, 8)).toBeNull()
})

test('a tag without a release has none, and a release that is refused says why', async () => {
  github()
    .get('/repos/acme/shop/releases/tags/v1')
    .reply(...refuse(404, 'Not Found'))
  expect(await releaseOf(at, 'v1')).toBeNull()
  github()
    .post('/repos/acme/shop/releases')
    .reply(...refuse(422, 'Validation Failed'))
  expect(await createRelease(at, { tag: 'v1', sha: 'abc', body: '' })).toEqual({
    ok: false,
    message: 'Validation Failed',
  })
})

test('rules that the app may not read leave what classic protection requires', async () => {
  const required_status_checks = { enforcement_level: 'non_admins', contexts: ['build'], checks: [] }
  github().get('/repos/acme/shop/branches/main').reply(200, { protected: true, protection: { required_status_checks } })
  github()
    .get('/repos/acme/shop/rules/branches/main')
    .query(true)
    .reply(...refuse(403, 'Upgrade to GitHub Pro'))
  const required_pull_request_reviews = { required_approving_review_count: 2 }
  github().get('/repos/acme/shop/branches/main/protection').reply(200, { required_pull_request_reviews })
  expect(await protectionOf(at, 'main')).toEqual({
    requiredChecks: ['build'],
    requiredReviews: 2,
    pullRequestOnly: true,
  })
})

test("only the app's own comment is found by its marker, not one in which a person copied it", async () => {
  const marker = '<!-- pawl {"kind":"status"} -->'
  github()
    .get('/repos/acme/shop/issues/1/comments')
    .query(true)
    .reply(200, [
      { id: 1, user: { type: 'User' }, body: `${marker}\nmine` },
      { id: 2, user: { type: 'Bot' }, body: `said\n${marker}` },
      { id: 3, user: { type: 'Bot' }, body: `${marker}\nours` },
    ])
  expect(await findComment(at, 1, marker)).toBe(3)
})
