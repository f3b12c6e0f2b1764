import { expect, test } from 'vitest'

import { demo, withCode } from './code-fixture.ts'
import { refusal } from './fixture.ts'

test('a check run goes from queued to completed and takes its suite along', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, git, heard, last }) => {
    const head_sha = await git('rev-parse', 'HEAD')
    const created = await bot.checks.create({ ...demo, name: 'Round 1', head_sha, external_id: 'x-1' })
    expect(created.data).toMatchObject({
      status: 'queued',
      conclusion: null,
      external_id: 'x-1',
      app: { slug: 'gardener' },
      output: { title: null, annotations_count: 0 },
    })
    expect(await heard()).toEqual(['check_run.created'])
    const check_run_id = created.data.id
    const annotation = {
      path: 'a.txt',
      start_line: 1,
      end_line: 1,
      annotation_level: 'warning',
      message: 'Hm',
    } as const
    const output = { title: 'Half way', summary: 'So far', annotations: [annotation] }
    await bot.checks.update({ ...demo, check_run_id, status: 'in_progress', output })
    const more = { ...output, annotations: [{ ...annotation, message: 'Again' }] }
    const done = await bot.checks.update({ ...demo, check_run_id, conclusion: 'failure', output: more })
    expect(done.data).toMatchObject({
      status: 'completed',
      conclusion: 'failure',
      completed_at: expect.any(String),
      output: { title: 'Half way', annotations_count: 2 },
    })
    expect(await heard()).toEqual(['check_run.completed', 'check_suite.completed'])
    expect(last('check_suite.completed')).toMatchObject({
      check_suite: { conclusion: 'failure', head_sha, latest_check_runs_count: 1 },
    })
    const notes = await bot.checks.listAnnotations({ ...demo, check_run_id })
    expect(notes.data.map(({ message }) => message)).toEqual(['Hm', 'Again'])
    const suite = await bot.checks.getSuite({ ...demo, check_suite_id: done.data.check_suite?.id ?? 0 })
    expect(suite.data).toMatchObject({ status: 'completed', conclusion: 'failure', app: { slug: 'gardener' } })
  }))

test('a run that was completed can be opened again; only its app may change it, and people make none', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ octo, bot, git, heard }) => {
    const head_sha = await git('rev-parse', 'HEAD')
    const { data } = await bot.checks.create({ ...demo, name: 'gate', head_sha, conclusion: 'success' })
    expect(await heard()).toEqual(['check_run.created', 'check_run.completed', 'check_suite.completed'])
    const reopened = await bot.checks.update({ ...demo, check_run_id: data.id, status: 'in_progress' })
    expect(reopened.data).toMatchObject({ status: 'in_progress', conclusion: null, completed_at: null })
    const renamed = await bot.checks.update({ ...demo, check_run_id: data.id, name: 'door', conclusion: 'neutral' })
    expect(renamed.data).toMatchObject({ name: 'door', conclusion: 'neutral' })
    expect(await refusal(octo.checks.create({ ...demo, name: 'x', head_sha }))).toMatchObject({ status: 403 })
    const missing = bot.checks.create({ ...demo, name: 'x', head_sha: '1'.repeat(40) })
    expect(await refusal(missing)).toMatchObject({ status: 422, message: expect.stringContaining('No commit found') })
  }))

test('the newest run of a name is the latest, and lists can be narrowed', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, git, commit }) => {
    const head_sha = await git('rev-parse', 'HEAD')
    await bot.checks.create({ ...demo, name: 'gate', head_sha, conclusion: 'failure' })
    const newest = await bot.checks.create({ ...demo, name: 'gate', head_sha, conclusion: 'success' })
    await bot.checks.create({ ...demo, name: 'other', head_sha })
    const list = async (query: object) => {
      const { data } = await bot.checks.listForRef({ ...demo, ref: 'main', ...query })
      expect(data.total_count).toBe(data.check_runs.length)
      return data.check_runs.map(({ name, conclusion }) => `${name} ${conclusion}`)
    }
    expect(await list({})).toEqual(['other null', 'gate success'])
    expect(await list({ ref: head_sha, filter: 'all' })).toHaveLength(3)
    expect(await list({ check_name: 'gate' })).toEqual(['gate success'])
    expect(await list({ status: 'queued' })).toEqual(['other null'])
    expect(await list({ app_id: 4711 })).toHaveLength(2)
    expect(await list({ app_id: 1 })).toEqual([])
    const suites = await bot.checks.listSuitesForRef({ ...demo, ref: 'main', app_id: 4711 })
    expect(suites.data).toMatchObject({ total_count: 1, check_suites: [{ status: 'in_progress' }] })
    const check_suite_id = suites.data.check_suites[0]?.id ?? 0
    expect((await bot.checks.listForSuite({ ...demo, check_suite_id })).data.check_runs[1]?.id).toBe(newest.data.id)
    const next = await commit({ 'b.txt': 'b' })
    await git('push', '-q', 'origin', 'HEAD:main')
    const pushed = await bot.checks.listSuitesForRef({ ...demo, ref: next })
    expect(pushed.data).toMatchObject({
      total_count: 1,
      check_suites: [{ status: 'queued', head_branch: 'main', before: head_sha, latest_check_runs_count: 0 }],
    })
    expect((await bot.checks.createSuite({ ...demo, head_sha: next })).status).toBe(200)
  }))

test('asking for a run or a suite again tells the app and reopens the suite', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ octo, bot, git, heard, last }) => {
    const head_sha = await git('rev-parse', 'HEAD')
    const { data } = await bot.checks.create({ ...demo, name: 'gate', head_sha, conclusion: 'failure' })
    await heard()
    const check_suite_id = data.check_suite?.id ?? 0
    await bot.checks.rerequestRun({ ...demo, check_run_id: data.id })
    expect(await heard()).toEqual(['check_run.rerequested'])
    expect((await bot.checks.getSuite({ ...demo, check_suite_id })).data.status).toBe('queued')
    expect((await bot.checks.get({ ...demo, check_run_id: data.id })).data.conclusion).toBe('failure')
    await octo.checks.rerequestSuite({ ...demo, check_suite_id })
    expect(await heard()).toEqual(['check_suite.rerequested'])
    expect(last('check_suite.rerequested')).toMatchObject({ sender: { login: 'octo' } })
  }))

test('commit statuses are combined by the newest of each context', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, git, heard, last }) => {
    const sha = await git('rev-parse', 'HEAD')
    const state = async () => (await bot.repos.getCombinedStatusForRef({ ...demo, ref: 'main' })).data.state
    expect(await state()).toBe('pending')
    await bot.repos.createCommitStatus({ ...demo, sha, state: 'failure', context: 'ci', description: 'Broken' })
    expect(await heard()).toEqual(['status'])
    expect(last('status')).toMatchObject({ context: 'ci', state: 'failure', branches: [{ name: 'main' }] })
    expect(await state()).toBe('failure')
    await bot.repos.createCommitStatus({ ...demo, sha, state: 'pending', context: 'ci' })
    expect(await state()).toBe('pending')
    await bot.repos.createCommitStatus({ ...demo, sha, state: 'success', context: 'ci' })
    expect(await state()).toBe('success')
    const all = await bot.repos.listCommitStatusesForRef({ ...demo, ref: sha })
    expect(all.data.map((each) => each.state)).toEqual(['success', 'pending', 'failure'])
  }))
