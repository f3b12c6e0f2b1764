import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { RunReport, Runner } from '../../../src/local-github/actions/contract.ts'
import { logPath } from '../../../src/local-github/actions/run-folder.ts'
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

const results = (jobs: { key: string; conclusion: string | null }[]) =>
  Object.fromEntries(jobs.map((job) => [job.key, job.conclusion]))

test('a job runs its steps in order and tells each change', async () => {
  const workDirectory = `${scene.folder}/told`
  const told = await runWorkflow(
    scene,
    runner,
    `
name: CI
run-name: Push by \${{ github.actor }}
on: push
permissions: { contents: read }
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Greet \${{ github.ref_name }}
        run: cat greeting.txt
      - run: exit 3
      - run: echo never
`,
    { files: { 'greeting.txt': 'good morning\n' }, workDirectory },
  )
  expect(told.conclusion).toBe('failure')
  const runs = told.reports.flatMap((report) => (report.kind === 'run' ? [report] : []))
  expect(runs.map(({ status, conclusion }) => [status, conclusion])).toEqual([
    ['queued', null],
    ['in_progress', null],
    ['completed', 'failure'],
  ])
  expect(runs[0]).toMatchObject({ name: 'CI', title: 'Push by mona', error: null })
  const job = told.job('build')
  expect(job).toMatchObject({ name: 'build', status: 'completed', conclusion: 'failure', labels: ['ubuntu-latest'] })
  expect(job.permissions).toEqual({ contents: 'read' })
  expect(job.steps.map((step) => [step.number, step.name, step.conclusion])).toEqual([
    [1, 'Set up job', 'success'],
    [2, 'Run actions/checkout@v4', 'success'],
    [3, 'Greet main', 'success'],
    [4, 'Run exit 3', 'failure'],
    [5, 'Run echo never', 'skipped'],
    [6, 'Complete job', 'success'],
  ])
  expect(job.annotations).toEqual([
    { path: '.github', startLine: 1, endLine: 1, level: 'failure', message: 'Process completed with exit code 3.' },
  ])
  expect(told.text('build')).toContain('good morning\n')
  const file = await readFile(logPath(workDirectory, 'build'), 'utf8')
  expect(file.replace(/^\S+Z /gm, '')).toBe(told.text('build'))
  expect(told.reports.filter(isFirst('build'))[0]).toMatchObject({ job: { status: 'queued' } })
})

const isFirst = (key: string) => (report: RunReport) => report.kind === 'job' && report.job.key === key

test('jobs wait for what they need and pass outputs on', async () => {
  const told = await runWorkflow(
    scene,
    runner,
    `
on: push
jobs:
  last:
    needs: [first, second]
    runs-on: x
    steps:
      - run: echo '\${{ needs.first.outputs.word }} \${{ needs.second.result }} \${{ toJSON(needs.first.outputs) }}'
  first:
    runs-on: x
    outputs: { word: "\${{ steps.say.outputs.word }}", none: "\${{ steps.say.outputs.none }}" }
    steps:
      - id: say
        run: |
          echo "word=hello" >> "$GITHUB_OUTPUT"
  second:
    runs-on: x
    steps: [{ run: "true" }]
`,
  )
  expect(told.conclusion).toBe('success')
  expect(told.text('last')).toContain('hello success {\n  "word": "hello"\n}\n')
})

test('conditions of jobs see what came before, also further up', async () => {
  const told = await runWorkflow(
    scene,
    runner,
    `
on: push
jobs:
  bad: { runs-on: x, steps: [{ run: exit 1 }] }
  after: { needs: bad, runs-on: x, steps: [{ run: ls }] }
  always: { needs: after, if: always(), runs-on: x, steps: [{ run: ls }] }
  beyond: { needs: always, runs-on: x, steps: [{ run: ls }] }
  failed: { needs: always, if: "failure() && needs.always.result == 'success'", runs-on: x, steps: [{ run: ls }] }
  never: { if: "\${{ github.ref == 'refs/heads/other' }}", runs-on: x, steps: [{ run: ls }] }
  off: { if: false, runs-on: x, steps: [{ run: ls }] }
`,
  )
  expect(told.conclusion).toBe('failure')
  expect(results(told.jobs)).toEqual({
    bad: 'failure',
    after: 'skipped',
    always: 'success',
    beyond: 'skipped',
    failed: 'success',
    never: 'skipped',
    off: 'skipped',
  })
})

test('a run of skipped jobs is skipped, and a forgiven job does not fail it', async () => {
  const skipped = await runWorkflow(
    scene,
    runner,
    'on: push\njobs: { a: { if: false, runs-on: x, steps: [{ run: ls }] } }',
  )
  expect(skipped.conclusion).toBe('skipped')
  const forgiven = await runWorkflow(
    scene,
    runner,
    `
on: push
jobs:
  a: { continue-on-error: true, runs-on: x, steps: [{ run: exit 1 }] }
  b: { needs: a, runs-on: x, steps: [{ run: "echo \${{ needs.a.result }}" }] }
`,
  )
  expect(forgiven.conclusion).toBe('success')
  expect(results(forgiven.jobs)).toEqual({ a: 'failure', b: 'success' })
})

test('a matrix makes a job of each combination, with its values in name and context', async () => {
  const told = await runWorkflow(
    scene,
    runner,
    `
on: push
jobs:
  list:
    runs-on: x
    outputs: { nodes: "\${{ steps.a.outputs.nodes }}" }
    steps: [{ id: a, run: "echo 'nodes=[20, 22]' >> $GITHUB_OUTPUT" }]
  test:
    needs: list
    runs-on: \${{ matrix.os }}
    strategy:
      matrix:
        node: \${{ fromJSON(needs.list.outputs.nodes) }}
        os: [ubuntu-latest]
    steps:
      - run: echo "node \${{ matrix.node }}, \${{ strategy.job-index }} of \${{ strategy.job-total }}"
`,
  )
  expect(told.conclusion).toBe('success')
  expect(told.job('test/0')).toMatchObject({ id: 'test', name: 'test (20, ubuntu-latest)', labels: ['ubuntu-latest'] })
  expect(told.job('test/1').name).toBe('test (22, ubuntu-latest)')
  expect(told.text('test/1')).toContain('node 22, 1 of 2\n')
})

test('a failed job of a matrix cancels the others, unless told not to', async () => {
  const matrix = (failFast: boolean) => `
on: push
jobs:
  test:
    runs-on: x
    strategy: { fail-fast: ${failFast}, max-parallel: 1, matrix: { code: [1, 0] } }
    steps: [{ run: "exit \${{ matrix.code }}" }]
`
  const fast = await runWorkflow(scene, runner, matrix(true))
  expect(results(fast.jobs)).toEqual({ 'test/0': 'failure', 'test/1': 'cancelled' })
  expect(fast.conclusion).toBe('failure')
  const slow = await runWorkflow(scene, runner, matrix(false))
  expect(results(slow.jobs)).toEqual({ 'test/0': 'failure', 'test/1': 'success' })
})

test('a workflow that cannot start says what is wrong', async () => {
  const told = await runWorkflow(scene, runner, 'on: push\njobs: { a: { runs-on: x } }')
  expect(told).toMatchObject({ conclusion: 'startup_failure', jobs: [] })
  expect(told.reports).toMatchObject([{ kind: 'run', status: 'completed', conclusion: 'startup_failure' }])
  expect(told.reports[0]).toHaveProperty('error', expect.stringContaining('A sequence of steps was expected'))
})

test('what only GitHub has fails its job with the reason and the remedy, and no step runs', async () => {
  const told = await runWorkflow(
    scene,
    runner,
    `
on: push
jobs:
  action: { runs-on: x, steps: [{ run: touch here }, { uses: some/action@v1 }] }
  docker: { runs-on: x, steps: [{ uses: "docker://alpine" }] }
  local: { runs-on: x, steps: [{ uses: ./.github/actions/mine }] }
  services: { runs-on: x, services: { db: { image: postgres } }, steps: [{ run: ls }] }
  container: { runs-on: x, container: "node:20", steps: [{ run: ls }] }
  call: { uses: ./.github/workflows/other.yml }
`,
  )
  expect(told.conclusion).toBe('failure')
  expect(new Set(Object.values(results(told.jobs)))).toEqual(new Set(['failure']))
  expect(told.job('action').error).toMatch(/^uses: some\/action@v1 is not supported here: .*actions\/checkout/)
  expect(told.job('action').steps.map((step) => step.conclusion)).toEqual(['failure', 'skipped', 'skipped', 'success'])
  expect(told.job('services').error).toMatch(/^services: are not supported here/)
  expect(told.job('container').error).toMatch(/^container: is not supported here/)
  expect(told.job('call').error).toMatch(/reusable workflows/)
})

test('inputs of a dispatched workflow have their types and defaults', async () => {
  const sha = await scene.commit({
    '.github/workflows/ci.yml': `
on:
  workflow_dispatch:
    inputs:
      who: { default: world }
      loud: { type: boolean, default: false }
      times: { type: number, default: 2 }
jobs:
  a:
    runs-on: x
    steps:
      - run: echo "\${{ inputs.who }} \${{ inputs.loud && 'loud' || 'soft' }} \${{ inputs.times }} \${{ github.event.inputs.times }}"
`,
  })
  const texts: string[] = []
  const outcome = await runner.run(
    scene.request(sha, {
      event: {
        name: 'workflow_dispatch',
        payload: { workflow: '.github/workflows/ci.yml', inputs: { loud: 'true' } },
        ref: 'refs/heads/main',
        sha,
        changedFiles: null,
      },
      report: (report) => void (report.kind === 'log' && texts.push(report.text)),
    }),
  )
  expect(outcome.conclusion).toBe('success')
  expect(texts.join('')).toContain('\nworld loud 2 2\n')
})

test('no more jobs than allowed run at once, whatever run they belong to', async () => {
  const narrow = createRunner({ jobs: 1 })
  let running = 0
  let most = 0
  const report = (told: RunReport) => {
    if (told.kind !== 'job' || told.job.steps.length === 0) return
    const isStart = told.job.status === 'in_progress' && told.job.steps.every((step) => step.conclusion === null)
    if (isStart) running += 1
    if (told.job.status === 'completed') running -= 1
    most = Math.max(most, running)
  }
  const workflow =
    'on: push\njobs: { a: { runs-on: x, steps: [{ run: ls }] }, b: { runs-on: x, steps: [{ run: ls }] } }'
  const first = await runWorkflow(scene, narrow, workflow, { report })
  expect(first.conclusion).toBe('success')
  expect(most).toBe(1)
  await runWorkflow(scene, runner, workflow, { report })
  expect(most).toBe(2)
})

test('a token that cannot be had is a fault of the machine, and the other jobs are ended first', async () => {
  const own = createRunner()
  const ended: string[] = []
  const run = runWorkflow(
    scene,
    own,
    'on: push\njobs: { a: { runs-on: x, steps: [{ run: sleep 60 }] }, b: { runs-on: x, steps: [{ run: ls }] } }',
    {
      token: ({ id }) => (id === 'a' ? Promise.resolve('token') : Promise.reject(new Error('no key'))),
      report: (told) => void (told.kind === 'job' && told.job.status === 'completed' && ended.push(told.job.id)),
    },
  )
  await expect(run).rejects.toThrow('no key')
  expect(ended).toEqual(['a'])
})

test('a rejected report ends the run as an exception, and nothing stays behind', async () => {
  const run = runWorkflow(scene, runner, 'on: push\njobs: { a: { runs-on: x, steps: [{ run: sleep 60 }] } }', {
    report: (report) => {
      if (report.kind === 'log') throw new Error('the store is full')
    },
  })
  await expect(run).rejects.toThrow('the store is full')
  await runner.idle()
})
