import { expect, test } from 'vitest'

import { refusal, withGitHub } from './fixture.ts'

const demo = { owner: 'octo', repo: 'demo' }

test('an unchanged answer is 304 and costs nothing', async () => {
  await withGitHub(async ({ github, installation }) => {
    await github.addRepository('octo/demo')
    const app = installation(await github.install('octo/demo'))
    const first = await app.issues.listLabelsForRepo(demo)
    const remaining = Number(first.headers['x-ratelimit-remaining'])
    expect(first.headers['x-github-request-id']).toMatch(/^[\dA-F]+$/)
    const headers = { 'if-none-match': first.headers.etag ?? '' }
    expect((await refusal(app.issues.listLabelsForRepo({ ...demo, headers }))).status).toBe(304)
    await app.issues.createLabel({ ...demo, name: 'new' })
    const changed = await app.issues.listLabelsForRepo({ ...demo, headers })
    expect(changed.data.length).toBe(1)
    expect(Number(changed.headers['x-ratelimit-remaining'])).toBe(remaining - 2)
    const { data } = await app.rateLimit.get()
    expect(data.rate).toMatchObject({ limit: 5000, used: 3, remaining: 4997 })
  })
})

test('lists come in pages that name their neighbours', async () => {
  await withGitHub(async ({ github, person }) => {
    await github.addRepository('octo/demo')
    const octo = await person('octo')
    const names = Array.from({ length: 7 }, (_, number) => `label ${number}`)
    for (const name of names) await octo.issues.createLabel({ ...demo, name })
    const middle = await octo.issues.listLabelsForRepo({ ...demo, per_page: 3, page: 2 })
    expect(middle.data.map(({ name }) => name)).toEqual(names.slice(3, 6))
    const relations = [...(middle.headers.link ?? '').matchAll(/[?&]page=(\d)>; rel="(\w+)"/g)].map(([, page, rel]) => [
      rel,
      page,
    ])
    expect(Object.fromEntries(relations)).toEqual({ prev: '1', next: '3', last: '3', first: '1' })
    const all = await octo.paginate(octo.issues.listLabelsForRepo, { ...demo, per_page: 3 })
    expect(all.map(({ name }) => name)).toEqual(names)
  })
})

test('what does not fit the description is refused and remembered', async () => {
  await withGitHub(
    async ({ github, person }) => {
      await github.addRepository('octo/demo')
      const octo = await person('octo')
      const url = '/repos/octo/demo/issues'
      expect(await refusal(octo.request(`POST ${url}`, { body: 'no title' }))).toMatchObject({
        status: 422,
        message: expect.stringContaining(`"title" wasn't supplied`),
      })
      await octo.request(`POST ${url}`, { title: 'T', tilte: 'T' })
      expect((await refusal(octo.request(`GET ${url}?state=ajar`))).status).toBe(422)
      expect((await refusal(octo.request(`GET ${url}/twelve`))).status).toBe(404)
      const broken = await fetch(`${github.apiUrl}${url}`, {
        method: 'POST',
        headers: { authorization: `token ${await github.personalToken('octo')}` },
        body: '{"title":',
      })
      expect([broken.status, await broken.json()]).toMatchObject([400, { message: 'Problems parsing JSON' }])
    },
    {
      expected: [
        { subject: 'issues/create', part: 'request body', message: `"title" wasn't supplied.` },
        { subject: 'issues/create', part: 'request body', message: "the field 'tilte' is not in the description" },
        { subject: 'issues/list-for-repo', part: 'parameters' },
        { subject: 'issues/get', part: 'parameters' },
      ],
    },
  )
})

test('faults meet the app only, as often as planned, before or after the deed', async () => {
  await withGitHub(async ({ github, installation, person }) => {
    await github.addRepository('octo/demo')
    const app = installation(await github.install('octo/demo'))
    const octo = await person('octo')
    await octo.issues.create({ ...demo, title: 'T' })
    const comment = { ...demo, issue_number: 1, body: 'hello' }
    const headers = { 'retry-after': '1' }
    github.faults.next('issues/create-comment', { status: 403, message: 'slow down', headers, times: 2 })
    await octo.issues.createComment(comment)
    for (const _ of [1, 2]) {
      const failed = await app.issues.createComment(comment).catch((error: unknown) => error)
      expect(failed).toMatchObject({
        status: 403,
        message: expect.stringContaining('slow down'),
        response: { headers },
      })
    }
    expect((await octo.issues.listComments({ ...demo, issue_number: 1 })).data.length).toBe(1)
    github.faults.next('issues/create-comment', { afterwards: true })
    expect(await refusal(app.issues.createComment(comment))).toMatchObject({ status: 500 })
    expect((await octo.issues.listComments({ ...demo, issue_number: 1 })).data.length).toBe(2)
    const before = performance.now()
    github.faults.next('issues/get', { delayMs: 50 })
    await app.issues.get({ ...demo, issue_number: 1 })
    expect(performance.now() - before).toBeGreaterThanOrEqual(49)
  })
})

test('only the requests of the app are counted as traffic', async () => {
  await withGitHub(async ({ github, installation, person }) => {
    await github.addRepository('octo/demo')
    const app = installation(await github.install('octo/demo'))
    const octo = await person('octo')
    await octo.issues.create({ ...demo, title: 'T' })
    await app.issues.get({ ...demo, issue_number: 1 })
    await app.issues.createComment({ ...demo, issue_number: 1, body: 'b' })
    expect(github.traffic()).toEqual({
      requests: 3,
      writes: 2,
      contentCreating: 1,
      byOperation: { 'apps/create-installation-access-token': 1, 'issues/get': 1, 'issues/create-comment': 1 },
    })
  })
})

test('the rules of a branch are told as protection and as ruleset', async () => {
  await withGitHub(async ({ github, installation }) => {
    await github.addRepository('octo/demo')
    const app = installation(await github.install('octo/demo'))
    const main = { ...demo, branch: 'main' }
    expect((await refusal(app.repos.getBranchProtection(main))).message).toContain('Branch not protected')
    expect((await app.repos.getBranchRules(main)).data).toEqual([])
    await github.protect('octo/demo', 'main', {
      requiredChecks: ['test', 'lint'],
      requiredReviews: 2,
      pullRequestOnly: true,
    })
    const protection = await app.repos.getBranchProtection(main)
    expect(protection.data).toMatchObject({
      required_status_checks: { contexts: ['test', 'lint'] },
      required_pull_request_reviews: { required_approving_review_count: 2 },
    })
    const checks = await app.repos.getStatusChecksProtection(main)
    expect(checks.data.checks).toEqual([
      { context: 'test', app_id: null },
      { context: 'lint', app_id: null },
    ])
    const rules = await app.repos.getBranchRules(main)
    expect(rules.data).toMatchObject([{ type: 'pull_request', ruleset_source: 'octo/demo' }])
    const [ruleset] = (await app.repos.getRepoRulesets(demo)).data
    const whole = await app.repos.getRepoRuleset({ ...demo, ruleset_id: ruleset?.id ?? 0 })
    expect(whole.data).toMatchObject({
      enforcement: 'active',
      conditions: { ref_name: { include: ['refs/heads/main'] } },
    })
    expect((await app.repos.getBranchRules({ ...demo, branch: 'other' })).data).toEqual([])
    await github.protect('octo/demo', 'main', {})
    expect((await app.repos.getBranchRules(main)).data).toEqual([])
    expect((await refusal(app.repos.getStatusChecksProtection(main))).status).toBe(404)
  })
})

test('pages and handlers get their turn after the API', async () => {
  await withGitHub(async ({ github, person }) => {
    const app = await person('ann')
    expect((await app.meta.root()).data.current_user_url).toContain(github.apiUrl)
    expect((await app.meta.getZen()).data).toMatch(/\w/)
    expect((await app.apps.getBySlug({ app_slug: 'github-actions' })).data).toMatchObject({ id: 15368 })
    expect((await fetch(`${github.url}/somewhere`)).status).toBe(404)
  })
})
