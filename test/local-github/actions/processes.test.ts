import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { Runner, RunRequest } from '../../../src/local-github/actions/contract.ts'
import { reapOrphans } from '../../../src/local-github/actions/orphans.ts'
import { listProcesses } from '../../../src/local-github/actions/processes.ts'
import { createRunner } from '../../../src/local-github/actions/runner.ts'
import { makeScene, runWorkflow } from './support.ts'
import type { Scene } from './support.ts'

let scene: Scene
let runner: Runner
beforeAll(async () => {
  scene = await makeScene()
  runner = createRunner()
})
afterAll(async () => {
  await runner.close()
  await scene.remove()
})

const isAlive = (pid: number) => listProcesses().some((entry) => entry.pid === pid)
const pidsIn = (text: string) => [...text.matchAll(/^pid (\d+)$/gm)].map(([, pid]) => Number(pid))

// In the group, out of it, and out of it without the job's environment.
const leftBehind = `
          sleep 300 & echo "pid $!"
          setsid sleep 300 < /dev/null > /dev/null 2>&1 & echo "pid $!"
          env -i setsid sleep 300 < /dev/null > /dev/null 2>&1 & echo "pid $!"
`
const workflow = (rest: string) =>
  `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |${leftBehind}${rest}`

test('a process that a step leaves running serves later steps and ends with the job', async () => {
  const told = await runWorkflow(
    scene,
    runner,
    `${workflow('')}
      - run: kill -0 $(pgrep -g $(ps -o pgid= $$ | tr -d ' ') sleep) && echo 'still there'`,
  )
  expect(told.conclusion).toBe('success')
  expect(told.text('a')).toContain('still there')
  const pids = pidsIn(told.text('a'))
  expect(pids).toHaveLength(3)
  expect(pids.filter(isAlive)).toEqual([])
})

test('a step may signal its whole process group and the job goes on', async () => {
  const told = await runWorkflow(
    scene,
    runner,
    `on: push
jobs:
  a:
    runs-on: x
    steps:
      - run: |
          trap 'echo caught' TERM
          kill 0
          echo "after"
      - run: echo next | tee /dev/stderr`,
  )
  expect(told.conclusion).toBe('success')
  expect(told.text('a')).toContain('caught\nafter\n')
  expect(told.text('a')).toContain('\nnext\nnext\n')
})

test('a job whose whole group is killed fails and says so', async () => {
  const told = await runWorkflow(
    scene,
    runner,
    'on: push\njobs: { a: { runs-on: x, steps: [{ run: "kill -KILL 0" }, { if: always(), run: ls }] } }',
  )
  expect(told.conclusion).toBe('failure')
  expect(told.job('a').annotations[0]?.message).toBe('The job was ended from outside.')
})

test('steps see a runner and nothing of the host process', async () => {
  process.env['SECRET_OF_THE_HOST'] = 'leaked'
  process.env['HTTPS_PROXY_FOR_TEST'] = 'leaked'
  const told = await runWorkflow(
    scene,
    runner,
    `on: push
jobs:
  a:
    runs-on: x
    steps:
      - run: env -0 | tr '\\n\\0' ' \\n' | sed 's/^/env /'
      - run: touch "$HOME/mine" && ls -a "$HOME"; cat "$GITHUB_EVENT_PATH"; echo "stdin $(cat | wc -c)"`,
    { payload: { ref: 'refs/heads/main', marker: 'of the event' } },
  )
  delete process.env['SECRET_OF_THE_HOST']
  delete process.env['HTTPS_PROXY_FOR_TEST']
  const text = told.text('a')
  const environment = Object.fromEntries(
    [...text.matchAll(/^env ([^=]+)=(.*)$/gm)].map(([, key, value]) => [key, value]),
  )
  expect(environment).toMatchObject({
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REPOSITORY: 'octo/demo',
    GITHUB_EVENT_NAME: 'push',
    RUNNER_OS: expect.stringMatching(/^(Linux|macOS)$/),
  })
  expect(Object.values(environment)).not.toContain('leaked')
  expect(environment['HOME']).not.toBe(process.env['HOME'])
  expect(environment['PATH']).not.toContain('node_modules/.bin')
  expect(Object.keys(environment).filter((name) => /TOKEN|VITEST|npm_(?!config_registry)/.test(name))).toEqual([])
  expect(text).toContain('"marker": "of the event"')
  expect(text).toContain('stdin 0\n')
})

test('workspaces are removed with their job, logs stay', async () => {
  const workDirectory = join(scene.folder, 'tidy')
  await runWorkflow(scene, runner, workflow(''), { workDirectory })
  expect(await readdir(join(workDirectory, 'jobs'))).toEqual([])
  expect(await readdir(join(workDirectory, 'logs'))).toEqual(['a.log'])
})

test('when the process of the runner is killed, nothing of its jobs survives', async () => {
  const sha = await scene.commit({ '.github/workflows/ci.yml': workflow('          echo "pid $$"; sleep 300') })
  const { token: _token, signal: _signal, report: _report, ...request } = scene.request(sha)
  const { pids } = await startAndKill(request, 4)
  await expect.poll(() => pids.filter(isAlive), { timeout: 5000 }).toEqual([])
})

test('what outlives even that is found at the next start, and nothing else is touched', async () => {
  const parent = join(scene.folder, 'parent')
  const id = crypto.randomUUID()
  const folder = join(parent, '17', 'jobs', id)
  await mkdir(folder, { recursive: true })
  const options = { detached: true, stdio: 'ignore' } as const
  const orphan = spawn('sleep', ['300'], { ...options, env: { PATH: process.env['PATH'], RUNNER_TRACKING_ID: id } })
  const stranger = spawn('sleep', ['300'], { ...options, env: { PATH: process.env['PATH'] } })
  await Promise.all([once(orphan, 'spawn'), once(stranger, 'spawn')])
  const gone = once(orphan, 'exit')
  expect(await reapOrphans(parent)).toBe(1)
  expect(await gone).toEqual([null, 'SIGKILL'])
  expect(isAlive(stranger.pid ?? 0)).toBe(true)
  expect(await readdir(join(parent, '17', 'jobs'))).toEqual([])
  expect(await reapOrphans(parent)).toBe(0)
  expect(await reapOrphans(join(parent, 'missing'))).toBe(0)
  stranger.kill('SIGKILL')
  await once(stranger, 'exit')
})

/** Starts a runner in a process of its own, waits until its steps have named `count` processes, and kills it. */
async function startAndKill(request: Omit<RunRequest, 'token' | 'signal' | 'report'>, count: number) {
  const child = fork(fileURLToPath(new URL('dying-runner.ts', import.meta.url)), { execArgv: [] })
  const text = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.once('exit', () => reject(new Error(`it ended by itself: ${said}`)))
    child.on('message', (more) => {
      said += more as string
      if (pidsIn(said).length >= count) resolve(said)
    })
    child.send(request)
  })
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
  return { pids: pidsIn(text) }
}
