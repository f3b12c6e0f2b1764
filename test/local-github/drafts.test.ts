import { expect, test } from 'vitest'
import { demo, withCode } from './code-fixture.ts'
import { refusal } from './fixture.ts'

const READY =
  'mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { clientMutationId } }'

test('a draft is not merged until it is marked ready, which only GraphQL can do', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, commit, git, heard, last, person }) => {
    await git('checkout', '-q', '-b', 'topic')
    const sha = await commit({ 'a.txt': 'two\n' })
    await git('push', '-q', 'origin', 'topic')
    const asked = { ...demo, title: 'Take two', head: 'topic', base: 'main', draft: true }
    const { data: pull } = await bot.pulls.create(asked)
    const at = { ...demo, pull_number: pull.number }
    expect(pull.draft).toBe(true)
    expect(await refusal(bot.pulls.merge({ ...at, sha }))).toMatchObject({ status: 405 })
    await heard()

    const eve = await person('eve', 'read')
    await expect(eve.graphql(READY, { id: pull.node_id })).rejects.toThrow('Resource not accessible')
    await bot.graphql(READY, { id: pull.node_id })
    await bot.graphql(READY, { id: pull.node_id })
    expect(await heard()).toEqual(['pull_request.ready_for_review'])
    expect(last('pull_request.ready_for_review')).toMatchObject({ pull_request: { draft: false } })
    expect((await bot.pulls.get(at)).data.draft).toBe(false)
    expect((await bot.pulls.merge({ ...at, sha })).status).toBe(200)
  }))

test('the activity of a branch names who pushed what, newest first', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, commit, git }) => {
    await git('checkout', '-q', '-b', 'topic')
    const first = await commit({ 'a.txt': 'two\n' })
    await git('push', '-q', 'origin', 'topic')
    const second = await commit({ 'a.txt': 'three\n' })
    await git('push', '-q', 'origin', 'topic')
    await git('reset', '-q', '--hard', first)
    const third = await commit({ 'a.txt': 'four\n' })
    await git('push', '-q', '--force', 'origin', 'topic')
    const { data } = await bot.repos.listActivities({ ...demo, ref: 'refs/heads/topic' })
    expect(data.map(({ activity_type: type, before, after, actor }) => [type, before, after, actor?.login])).toEqual([
      ['force_push', second, third, 'octo'],
      ['push', first, second, 'octo'],
      ['branch_creation', '0'.repeat(40), first, 'octo'],
    ])
  }))

const CI = `on: [push, pull_request]
jobs: { test: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] } }
`

test('the message of a head commit may keep workflows from running', () =>
  withCode({ 'a.txt': 'one\n', '.github/workflows/ci.yml': CI }, async ({ bot, commit, git, github }) => {
    await git('checkout', '-q', '-b', 'topic')
    await commit({ 'a.txt': 'two\n' }, 'Begin\n\n[skip ci]')
    await git('push', '-q', 'origin', 'topic')
    await bot.pulls.create({ ...demo, title: 'Take two', head: 'topic', base: 'main' })
    await github.idle()
    expect((await bot.actions.listWorkflowRunsForRepo(demo)).data.total_count).toBe(0)
    await commit({ 'a.txt': 'three\n' })
    await git('push', '-q', 'origin', 'topic')
    await github.idle()
    const { data } = await bot.actions.listWorkflowRunsForRepo(demo)
    expect(data.workflow_runs.map(({ event }) => event).toSorted()).toEqual(['pull_request', 'push'])
  }))

test('the dependency review tells what a changed manifest adds, with its advisories', () =>
  withCode({ 'a.txt': 'one\n', 'package.json': '{}\n' }, async ({ bot, commit, git, github }) => {
    const vulnerabilities = [{ severity: 'high', ghsa: 'GHSA-aaaa-bbbb-cccc', summary: 'It leaks.' }]
    const packaged = { manifest: 'package.json', ecosystem: 'npm', name: 'leaky', version: '1.0.0', license: 'MIT' }
    await github.addDependency('octo/demo', { ...packaged, vulnerabilities })
    const base = await git('rev-parse', 'HEAD')
    const other = await commit({ 'a.txt': 'two\n' })
    const head = await commit({ 'package.json': '{ "dependencies": { "leaky": "1.0.0" } }\n' })
    await git('push', '-q', 'origin', 'main')
    expect((await bot.dependencyGraph.diffRange({ ...demo, basehead: `${base}...${other}` })).data).toEqual([])
    const { data } = await bot.dependencyGraph.diffRange({ ...demo, basehead: `${base}...${head}` })
    expect(data).toMatchObject([
      { change_type: 'added', name: 'leaky', vulnerabilities: [{ advisory_ghsa_id: 'GHSA-aaaa-bbbb-cccc' }] },
    ])
  }))
