import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { Runner, RunRequest } from '../../../src/local-github/actions/contract.ts'
import { createRunner } from '../../../src/local-github/actions/runner.ts'
import { makeScene, runWorkflow } from './support.ts'
import type { Scene, Told } from './support.ts'

let scene: Scene
let runner: Runner
beforeAll(async () => {
  scene = await makeScene()
  runner = createRunner({ jobs: 4 })
})
afterAll(async () => {
  await runner.close()
  await scene.remove()
})

/** Calls `act` once when a job has said the word. */
function whenSaid(word: string, act: () => void): RunRequest['report'] {
  let said = ''
  let done = false
  return (report) => {
    if (report.kind !== 'log') return
    said += report.text
    if (done || !new RegExp(`^${word}$`, 'm').test(said)) return
    done = true
    act()
  }
}

const conclusions = (told: Told) => Object.fromEntries(told.jobs.map((job) => [job.key, job.conclusion]))

test('a cancelled run ends its steps, runs those for that case, and starts no other job', async () => {
  const cancel = new AbortController()
  const told = await runWorkflow(
    scene,
    runner,
    `on: push
jobs:
  a:
    runs-on: x
    steps:
      - run: "trap 'echo interrupted; exit 1' INT; echo ready; sleep 60 & wait $!"
      - run: echo never
      - if: cancelled()
        run: echo 'cleaning up'
      - if: always()
        run: echo 'status \${{ job.status }}'
      - if: failure()
        run: echo never
  b: { needs: a, if: always(), runs-on: x, steps: [{ run: ls }] }
`,
    { signal: cancel.signal, report: whenSaid('ready', () => cancel.abort()) },
  )
  expect(told.conclusion).toBe('cancelled')
  expect(conclusions(told)).toEqual({ a: 'cancelled', b: 'cancelled' })
  expect(told.job('a').steps.map((step) => step.conclusion)).toEqual([
    'success',
    'cancelled',
    'skipped',
    'success',
    'success',
    'skipped',
    'success',
  ])
  expect(told.text('a')).toContain('\ninterrupted\n')
  expect(told.text('a')).toContain('\nstatus cancelled\n')
})

test('a step that does not end when asked is killed, and so is what always() keeps running too long', async () => {
  const cancel = new AbortController()
  const started = performance.now()
  const told = await runWorkflow(
    scene,
    runner,
    `on: push
jobs:
  deaf:
    runs-on: x
    steps:
      - run: "trap '' INT TERM; echo ready; while true; do sleep 60; done"
      - if: always()
        run: sleep 60
      - if: always()
        run: echo never
`,
    { signal: cancel.signal, report: whenSaid('ready', () => cancel.abort()) },
  )
  const seconds = (performance.now() - started) / 1000
  expect(seconds).toBeGreaterThan(4)
  expect(seconds).toBeLessThan(12)
  expect(
    told
      .job('deaf')
      .steps.slice(1, 4)
      .map((step) => step.conclusion),
  ).toEqual(['cancelled', 'cancelled', 'cancelled'])
})

test('a job out of time has timed out, after its always() steps', async () => {
  const told = await runWorkflow(
    scene,
    runner,
    `on: push
jobs:
  slow:
    runs-on: x
    timeout-minutes: 0.01
    steps:
      - run: sleep 60
      - if: always()
        run: echo 'in the end'
`,
  )
  expect(told.conclusion).toBe('timed_out')
  expect(told.job('slow').conclusion).toBe('timed_out')
  expect(told.job('slow').annotations.map(({ message }) => message)).toContain(
    'The job has exceeded the maximum execution time of 0.01 minutes.',
  )
  expect(told.text('slow')).toContain('\nin the end\n')
})

test('closing the runner cancels what runs and waits for it', async () => {
  const own = createRunner()
  let closed: Promise<void> | undefined
  const told = await runWorkflow(
    scene,
    own,
    'on: push\njobs: { a: { runs-on: x, steps: [{ run: "echo ready; sleep 60" }] } }',
    {
      report: whenSaid('ready', () => {
        closed = own.close()
      }),
    },
  )
  await closed
  expect(told.conclusion).toBe('cancelled')
})

const grouped = (group: string, run: string) =>
  `on: push\nconcurrency: ${group}\njobs: { a: { runs-on: x, steps: [{ run: "${run}" }] } }`

test('a newer run of a group with cancel-in-progress ends the older one', async () => {
  let newer: Promise<Told> | undefined
  const group = '{ group: "g-${{ github.ref }}", cancel-in-progress: true }'
  const older = await runWorkflow(scene, runner, grouped(group, 'echo ready; sleep 60'), {
    report: whenSaid('ready', () => {
      newer = runWorkflow(scene, runner, grouped(group, 'echo newer'))
    }),
  })
  expect(older.conclusion).toBe('cancelled')
  expect((await newer)?.conclusion).toBe('success')
})

test('in a group one runs and one waits; who comes next takes the place of the one that waits', async () => {
  const gate = `${scene.folder}/gate`
  const first = startRun(grouped('deploy', `until [ -e ${gate} ]; do sleep 0.02; done`))
  await first.running
  const second = startRun(grouped('Deploy', 'echo second'))
  await second.queued
  const third = startRun(grouped('deploy', 'echo third'))
  expect(await second.told).toMatchObject({ conclusion: 'cancelled', jobs: [] })
  await writeFile(gate, '')
  expect((await first.told).conclusion).toBe('success')
  expect((await third.told).conclusion).toBe('success')
})

test('a group of a job holds that job back and not its run, and a group of both is refused', async () => {
  const job = (name: string, more = '') =>
    `  ${name}: { runs-on: x, concurrency: { group: pages${more} }, steps: [{ run: "echo ready; sleep 60" }] }\n`
  const told = await runWorkflow(
    scene,
    runner,
    `on: push\njobs:\n${job('a')}${job('b', ', cancel-in-progress: true')}`,
    {
      report: (report) => {
        if (report.kind === 'job' && report.job.id === 'b' && report.job.status === 'in_progress') stop.abort()
      },
      signal: stop.signal,
    },
  )
  expect(told.job('a').conclusion).toBe('cancelled')
  const both = await runWorkflow(
    scene,
    runner,
    'on: push\nconcurrency: same\njobs: { a: { runs-on: x, concurrency: same, steps: [{ run: ls }] } }',
  )
  expect(both.job('a').error).toMatch(/deadlock for concurrency group 'same'/)
})

const stop = new AbortController()

/** Starts a run and tells when it got so far. */
function startRun(workflow: string) {
  const queued = Promise.withResolvers<void>()
  const running = Promise.withResolvers<void>()
  const told = runWorkflow(scene, runner, workflow, {
    report: (report) => {
      if (report.kind !== 'run') return
      if (report.status === 'queued') queued.resolve()
      if (report.status === 'in_progress') running.resolve()
    },
  })
  return { told, queued: queued.promise, running: running.promise }
}
