import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { Octokit } from '@octokit/rest'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { RefIntentRecord } from '../../src/local-github/code-records.ts'
import { startLocalGitHub } from '../../src/local-github/server.ts'
import { openStore } from '../../src/local-github/store.ts'
import { ALL_EARS, demo } from './code-fixture.ts'
import { clientsOf, log, receiveWebhooks } from './fixture.ts'
import { git } from './git/fixture.ts'

let folder = ''
let data = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-github-'))
  data = join(folder, 'data')
})
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))

/** A clone whose main holds these files, not pushed yet. */
async function clone(url: string, token: string, files: Record<string, string>): Promise<string> {
  const work = join(folder, 'work')
  await git(folder, 'clone', '-q', `${url.replace('//', `//x:${token}@`)}/octo/demo.git`, work)
  await git(work, 'checkout', '-q', '-B', 'main')
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(work, path, '..'), { recursive: true })
    await writeFile(join(work, path), text)
  }
  await git(work, 'add', '-A')
  await git(work, 'commit', '-qm', 'Begin')
  return work
}

test('a run that a kill cut off is run again as its next attempt, and at no time its check run is missing', async () => {
  const gate = join(folder, 'gate')
  const workflow = `on: push
jobs:
  quick:
    runs-on: ubuntu-latest
    steps: [{ run: 'true' }]
  slow:
    needs: quick
    runs-on: ubuntu-latest
    steps: [{ run: 'until test -e ${gate}; do sleep 0.05; done' }]
`
  const options = JSON.stringify({ data, app: ALL_EARS, webhookUrl: null })
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve.ts'), options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const [baseUrl = '', token = ''] = line.split(' ')
  const octo = new Octokit({ baseUrl, auth: token, log })
  const work = await clone(baseUrl.replace('/api/v3', ''), token, { '.github/workflows/ci.yml': workflow })
  await git(work, 'push', '-q', 'origin', 'main')
  const sha = await git(work, 'rev-parse', 'HEAD')
  const shown = async (client: Octokit) => {
    const { data: list } = await client.checks.listForRef({ ...demo, ref: sha })
    return list.check_runs.map(({ name, status, conclusion }) => `${name} ${conclusion ?? status}`)
  }
  await vi.waitFor(async () => expect(await shown(octo)).toEqual(['slow in_progress', 'quick success']), 20_000)
  const dead = once(child, 'exit')
  child.kill('SIGKILL')
  await dead

  const hook = await receiveWebhooks()
  const github = await startLocalGitHub({ data, app: ALL_EARS, webhookUrl: hook.url })
  const again = await clientsOf(github, data).person('octo')
  expect((await shown(again)).toSorted()[1]).toMatch(/slow (queued|in_progress)/)
  await writeFile(gate, '')
  await github.idle()
  expect((await shown(again)).toSorted()).toEqual(['quick success', 'slow success'])
  const runs = await again.actions.listWorkflowRunsForRepo({ ...demo })
  expect(runs.data).toMatchObject({ total_count: 1, workflow_runs: [{ run_attempt: 2, conclusion: 'success' }] })
  const names = hook.received.map(({ name }) => name)
  expect(names.filter((name) => name === 'check_suite.completed')).toHaveLength(1)
  expect(github.violations()).toEqual([])
  await github.stop()
  await hook.close()
})

test('a run that is under way at a stop is not told as cancelled, and goes on at the next start', async () => {
  const gate = join(folder, 'gate')
  const workflow = `on: push\njobs:\n  slow:\n    runs-on: x\n    steps: [{ run: 'until test -e ${gate}; do sleep 0.05; done' }]\n`
  const first = await startLocalGitHub({ data, app: ALL_EARS })
  await first.addRepository('octo/demo')
  const octo = await clientsOf(first, data).person('octo')
  const token = await first.personalToken('octo')
  const work = await clone(first.url, token, { '.github/workflows/ci.yml': workflow })
  await git(work, 'push', '-q', 'origin', 'main')
  await vi.waitFor(async () => {
    const { data: list } = await octo.checks.listForRef({ ...demo, ref: 'main' })
    expect(list.check_runs[0]?.status).toBe('in_progress')
  }, 20_000)
  await first.stop()
  await writeFile(gate, '')
  const second = await startLocalGitHub({ data, app: ALL_EARS })
  await second.idle()
  const after = await clientsOf(second, data).person('octo')
  const all = await after.checks.listForRef({ ...demo, ref: 'main' })
  expect(all.data.check_runs).toMatchObject([{ name: 'slow', conclusion: 'success' }])
  await second.stop()
})

/** Leaves the data as a kill does between the moving of a ref and what follows from it. */
async function moveSilently(ref: string, before: string | null, after: string, pullId?: number): Promise<void> {
  const store = openStore(join(data, 'store.sqlite'))
  const [repository] = store.list('repository')
  const intent: RefIntentRecord = {
    id: 1000 + store.next('id'),
    repositoryId: repository?.id ?? 0,
    actorId: repository?.ownerId ?? 0,
    viaAppId: null,
    byWorkflow: false,
    changes: [{ name: ref, before, after }],
    merging: pullId === undefined ? null : { pullId, sha: after },
  }
  store.put('refIntent', intent)
  store.close()
  await git(join(data, 'git/octo/demo.git'), 'update-ref', ref, after)
}

test('what had moved when a kill came is told at the next start, what had not moved is forgotten', async () => {
  const hook = await receiveWebhooks()
  const settings = { data, app: ALL_EARS, webhookUrl: hook.url }
  const first = await startLocalGitHub(settings)
  await first.addRepository('octo/demo')
  await first.install('octo/demo')
  const token = await first.personalToken('octo')
  const work = await clone(first.url, token, { 'a.txt': 'a' })
  await git(work, 'push', '-q', 'origin', 'main', 'main:topic')
  const base = await git(work, 'rev-parse', 'HEAD')
  await git(work, 'commit', '-q', '--allow-empty', '-m', 'More')
  const head = await git(work, 'rev-parse', 'HEAD')
  await git(work, 'push', '-q', 'origin', 'HEAD:topic', 'HEAD:spare')
  const octo = await clientsOf(first, data).person('octo')
  const pull = await octo.pulls.create({ ...demo, title: 'x', head: 'topic', base: 'main' })
  await first.idle()
  await first.stop()
  const told = hook.received.length
  await moveSilently('refs/heads/main', base, head, pull.data.id)
  const store = openStore(join(data, 'store.sqlite'))
  const [other] = store.list('refIntent')
  if (other === undefined) throw new Error('no intent')
  const never = { name: 'refs/heads/none', before: null, after: head }
  store.put('refIntent', { ...other, id: 1000 + store.next('id'), changes: [never], merging: null })
  store.close()

  const second = await startLocalGitHub(settings)
  await second.idle()
  expect(hook.received.slice(told).map(({ name }) => name)).toEqual(['push', 'pull_request.closed'])
  const after = await clientsOf(second, data).person('octo')
  const merged = await after.pulls.get({ ...demo, pull_number: pull.data.number })
  expect(merged.data).toMatchObject({ merged: true, merge_commit_sha: head })
  expect(second.violations()).toEqual([])
  await second.stop()
  const third = await startLocalGitHub(settings)
  await third.idle()
  expect(hook.received.slice(told)).toHaveLength(2)
  await third.stop()
  await hook.close()
})

test('a push that was refused leaves nothing to be told', async () => {
  const hook = await receiveWebhooks()
  const settings = { data, app: ALL_EARS, webhookUrl: hook.url }
  const first = await startLocalGitHub(settings)
  await first.addRepository('octo/demo')
  await first.install('octo/demo')
  const work = await clone(first.url, await first.personalToken('octo'), { 'a.txt': 'a' })
  await git(work, 'push', '-q', 'origin', 'main')
  await git(work, 'commit', '-q', '--allow-empty', '-m', 'More')
  await first.protect('octo/demo', 'guarded', { pullRequestOnly: true })
  await git(work, 'push', '-q', 'origin', 'HEAD~1:refs/heads/guarded')
  const refused = git(work, 'push', '--atomic', 'origin', 'HEAD:refs/heads/guarded', 'HEAD:main')
  await expect(refused).rejects.toThrow(/through a pull request/)
  await git(work, 'push', '-q', 'origin', 'HEAD:main')
  await first.idle()
  await first.stop()
  const told = hook.received.length
  const second = await startLocalGitHub(settings)
  await second.idle()
  expect(hook.received.length).toBe(told)
  await second.stop()
  await hook.close()
})
