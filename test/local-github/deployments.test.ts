import { expect, test } from 'vitest'

import { demo, withCode } from './code-fixture.ts'
import { refusal } from './fixture.ts'

test('a deployment keeps what it was given, and its statuses are told', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, git, heard, last }) => {
    const sha = await git('rev-parse', 'HEAD')
    const made = await bot.repos.createDeployment({
      ...demo,
      ref: sha,
      task: 'pawl',
      environment: 'staging',
      payload: { codename: 'brave-otter' },
      description: 'Try it',
      auto_merge: false,
      required_contexts: [],
    })
    expect(made.status).toBe(201)
    expect(made.data).toMatchObject({
      sha,
      ref: sha,
      task: 'pawl',
      environment: 'staging',
      payload: { codename: 'brave-otter' },
      description: 'Try it',
      creator: { login: 'gardener[bot]' },
      production_environment: false,
    })
    expect(await heard()).toEqual(['deployment.created'])
    const deployment_id = (made.data as { id: number }).id
    const say = (state: 'in_progress' | 'success') =>
      bot.repos.createDeploymentStatus({
        ...demo,
        deployment_id,
        state,
        environment_url: 'http://127.0.0.1:1/',
        log_url: 'http://127.0.0.1:1/log',
      })
    await say('in_progress')
    const success = await say('success')
    expect(await heard()).toEqual(['deployment_status.created', 'deployment_status.created'])
    expect(last('deployment_status.created')).toMatchObject({
      deployment_status: { state: 'success', target_url: 'http://127.0.0.1:1/log' },
      deployment: { id: deployment_id, task: 'pawl' },
    })
    const listed = await bot.repos.listDeploymentStatuses({ ...demo, deployment_id })
    expect(listed.data.map(({ state }) => state)).toEqual(['success', 'in_progress'])
    const one = await bot.repos.getDeploymentStatus({ ...demo, deployment_id, status_id: success.data.id })
    expect(one.data.state).toBe('success')
    const found = await bot.repos.listDeployments({ ...demo, environment: 'staging', task: 'pawl', sha })
    expect(found.data).toMatchObject([{ id: deployment_id }])
    expect((await bot.repos.listDeployments({ ...demo, environment: 'production' })).data).toEqual([])
    expect(await refusal(bot.repos.createDeployment({ ...demo, ref: 'none' }))).toMatchObject({ status: 422 })
    const text = await bot.repos.createDeployment({ ...demo, ref: 'main', payload: 'as text', required_contexts: [] })
    expect(text.data).toMatchObject({ payload: 'as text', production_environment: true })
  }))

test('a later success makes the older ones of its environment inactive', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, heard }) => {
    const deploy = async (environment: string, transient_environment = false) => {
      const { data } = await bot.repos.createDeployment({ ...demo, ref: 'main', environment, transient_environment })
      const deployment_id = (data as { id: number }).id
      await bot.repos.createDeploymentStatus({ ...demo, deployment_id, state: 'success' })
      return deployment_id
    }
    const state = async (deployment_id: number) =>
      (await bot.repos.listDeploymentStatuses({ ...demo, deployment_id })).data[0]?.state
    const old = await deploy('production')
    const elsewhere = await deploy('staging')
    const passing = await deploy('production', true)
    await heard()
    const newest = await deploy('production')
    expect(await Promise.all([old, elsewhere, passing, newest].map(state))).toEqual([
      'inactive',
      'success',
      'success',
      'success',
    ])
    // The inactive status is told to nobody.
    expect(await heard()).toEqual(['deployment.created', 'deployment_status.created'])
  }))

test('nothing is deployed whose required contexts, or all there are, have not succeeded', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, git, heard }) => {
    const sha = await git('rev-parse', 'HEAD')
    const run = await bot.checks.create({ ...demo, name: 'build', head_sha: sha })
    await bot.repos.createCommitStatus({ ...demo, sha, state: 'success', context: 'lint' })
    await heard()
    const deploy = (query: object) => bot.repos.createDeployment({ ...demo, ref: 'main', ...query })
    expect(await refusal(deploy({}))).toMatchObject({
      status: 409,
      message: expect.stringContaining('Commit status checks failed for main'),
    })
    expect(await refusal(deploy({ required_contexts: ['lint', 'missing'] }))).toMatchObject({ status: 409 })
    expect(await heard()).toEqual([])
    expect((await deploy({ required_contexts: ['lint'] })).status).toBe(201)
    expect((await deploy({ required_contexts: [] })).status).toBe(201)
    await bot.checks.update({ ...demo, check_run_id: run.data.id, conclusion: 'success' })
    expect((await deploy({})).status).toBe(201)
  }))

test('a branch that is behind is merged with the default branch instead of deployed', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, commit, git, heard }) => {
    await git('push', '-q', 'origin', 'HEAD:topic')
    const main = await commit({ 'b.txt': 'b\n' })
    await git('push', '-q', 'origin', 'HEAD:main')
    await heard()
    const merged = await bot.repos.createDeployment({ ...demo, ref: 'topic', required_contexts: [] })
    expect(merged.status).toBe(202)
    expect(merged.data).toMatchObject({ message: 'Auto-merged main into topic on deployment.' })
    expect(await heard()).toEqual(['push', 'check_suite.requested'])
    const branch = await bot.repos.getBranch({ ...demo, branch: 'topic' })
    expect(branch.data.commit.parents.map(({ sha }) => sha)).toContain(main)
    expect((await bot.repos.createDeployment({ ...demo, ref: 'topic', required_contexts: [] })).status).toBe(201)
  }))
