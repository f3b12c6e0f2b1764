import { Octokit } from '@octokit/rest'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { startLocalGitHub } from '../../src/local-github/server.ts'
import { APP, clientsOf, log, receiveWebhooks, refusal, withGitHub } from './fixture.ts'

const demo = { owner: 'octo', repo: 'demo' }
let data = ''

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'local-github-'))
})
afterEach(() => rm(data, { recursive: true, force: true }))

async function spawnGitHub(webhookUrl: string): Promise<{ child: ChildProcess; octo: Octokit }> {
  const options = JSON.stringify({ data, app: APP, webhookUrl })
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve.ts'), options], { stdio: [...stdio] })
  if (child.stdout === null) throw new Error('the child has no output')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const [baseUrl = '', auth = ''] = line.split(' ')
  return { child, octo: new Octokit({ baseUrl, auth, log }) }
}

test('what was answered before a kill is there afterwards, and its webhooks arrive', async () => {
  const hook = await receiveWebhooks()
  const answered: number[] = []
  for (let life = 0; life < 2; life += 1) {
    const { child, octo } = await spawnGitHub(hook.url)
    const gone = once(child, 'exit')
    const write = async (): Promise<void> => {
      const created = await octo.issues.create({ ...demo, title: `in life ${life}` }).catch(() => null)
      if (created === null) return
      answered.push(created.data.number)
      if (answered.length === 25 * (life + 1)) child.kill('SIGKILL')
      await write()
    }
    await Promise.all([write(), write(), write()])
    await gone
  }
  expect(answered.length).toBeGreaterThanOrEqual(50)
  expect(new Set(answered).size).toBe(answered.length)

  await withGitHub(
    async ({ github, person }) => {
      const octo = await person('octo')
      const issues = await octo.paginate(octo.issues.listForRepo, { ...demo, per_page: 100 })
      const numbers = issues.map(({ number }) => number)
      expect(answered.filter((number) => !numbers.includes(number))).toEqual([])
      await github.idle()
      const opened = hook.received.filter(({ name }) => name === 'issues.opened')
      const told = new Set(opened.map(({ payload }) => (payload['issue'] as { number: number }).number))
      expect(numbers.filter((number) => !told.has(number))).toEqual([])
    },
    { data, webhookUrl: hook.url },
  )
  await hook.close()
})

test('seeding again changes nothing, tokens and ids stay what they were', async () => {
  const seen: unknown[] = []
  for (let start = 0; start < 2; start += 1) {
    await withGitHub(
      async ({ github, person }) => {
        await github.addUser('acme', { type: 'Organization' })
        await github.addTeam('acme', 'all', ['ann'])
        await github.addRepository('acme/demo')
        await github.setCollaborator('acme/demo', 'ann', 'admin')
        await github.protect('acme/demo', 'main', { requiredChecks: ['test'], pullRequestOnly: true })
        const ann = await person('ann')
        const repository = { owner: 'acme', repo: 'demo' }
        const token = await github.personalToken('ann')
        const id = await github.install('acme/demo')
        const whole = (await ann.repos.get(repository)).data.id
        const rules = (await ann.repos.getBranchRules({ ...repository, branch: 'main' })).data.length
        const people = (await ann.repos.listCollaborators(repository)).data.length
        seen.push({ id, token, whole, rules, people })
      },
      { data },
    )
  }
  expect(seen[1]).toEqual(seen[0])
  expect(seen[0]).toMatchObject({ rules: 1, people: 1 })
})

test('webhooks that waited when it stopped go out once the app says where it is', async () => {
  const hook = await receiveWebhooks()
  const silent = await receiveWebhooks(() => {})
  const first = await startLocalGitHub({ data, app: APP, webhookUrl: silent.url })
  await first.addRepository('octo/demo')
  await first.install('octo/demo')
  const octo = await clientsOf(first, data).person('octo')
  await octo.issues.create({ ...demo, title: 'waiting' })
  // Nobody answered the first delivery, so the second one has not left.
  await first.stop()
  await silent.close()

  await withGitHub(
    async ({ github }) => {
      await github.idle()
      expect(hook.received).toEqual([])
      github.setWebhookUrl(hook.url)
      await github.idle()
      expect(hook.received.map(({ name }) => name)).toEqual(['installation.created', 'issues.opened'])
    },
    { data },
  )
  await hook.close()
})

test('two cannot serve one folder', async () => {
  const first = await startLocalGitHub({ data, app: APP })
  await expect(startLocalGitHub({ data, app: APP })).rejects.toThrow('If another process serves this folder, stop it')
  await first.addUser('ann')
  await first.stop()
  await withGitHub(
    async ({ person }) => {
      const app = await person('octo')
      expect((await app.users.getByUsername({ username: 'ann' })).data.login).toBe('ann')
      expect((await refusal(app.users.getByUsername({ username: 'bob' }))).status).toBe(404)
    },
    { data },
  )
})
