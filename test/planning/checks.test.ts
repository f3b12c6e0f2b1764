import { describe, expect, test } from 'vitest'
import { checksAfterPush, expectedChecks, listensToDeployments, type CheckFacts } from '../../src/planning/checks.ts'

const jobs = 'jobs: { test: { name: unit tests }, lint: {}, build: { name: "build (${{ matrix.os }})" } }'
const workflow = (on: string, name = 'ci', with_ = jobs) => ({
  path: `.github/workflows/${name}.yml`,
  text: `on: ${on}\n${with_}\n`,
})
const expected = (fields: Partial<CheckFacts>) =>
  expectedChecks({
    rounds: { round1: 'auto', round2: 'auto' },
    required: [],
    added: [],
    workflows: [workflow('[push, pull_request]')],
    defaultBranch: 'main',
    updateBranch: 'pawl/brave-otter',
    files: { all: ['docs/a.md', 'src/a.ts'], last: ['src/a.ts'] },
    ...fields,
  })
const none = { mode: 'none', names: [], workflows: 0 }

describe('GATE1-1 GATE2-1 which workflow runs a round waits for', () => {
  // How many runs are certain: for the head of the pull request, and for the merge commit.
  test.each([
    ['pull_request', 1, 0],
    ['push', 1, 1],
    ['[push, pull_request]', 2, 1],
    ['{ pull_request: { branches: [main] }, push: { branches: [main] } }', 1, 1],
    ['{ pull_request: { branches: [release/**] } }', 0, 0],
    ['{ push: { branches-ignore: ["pawl/**"] } }', 0, 1],
    ['{ push: { branches: ["**", "!main"] } }', 1, 0],
    ['{ push: { tags: [v*] } }', 0, 0],
    ['{ push: { tags: [v*], branches: [main] } }', 0, 1],
    ['{ pull_request: { types: [labeled] } }', 0, 0],
    ['{ pull_request: { types: [opened, synchronize] } }', 1, 0],
    ['{ pull_request: { paths: ["src/**"] }, push: { branches: [main], paths: ["docs/**"] } }', 1, 1],
    ['{ pull_request: { paths: ["src/**", "!src/a.ts"] } }', 0, 0],
    ['{ pull_request: { paths-ignore: ["**.md"] } }', 1, 0],
    ['{ pull_request: { paths-ignore: ["**.md", "src/**"] } }', 0, 0],
    ['{ push: { paths: ["docs/**"] } }', 0, 1],
    ['workflow_dispatch', 0, 0],
    ['{ schedule: [{ cron: "0 0 * * *" }] }', 0, 0],
  ])('GATE1-1 on: %s is %i in round 1 and %i in round 2', (on, first, second) => {
    const { round1, round2 } = expected({ workflows: [workflow(on)] })
    expect(round1).toEqual(first === 0 ? none : { mode: 'all', names: [], workflows: first })
    expect(round2).toEqual(second === 0 ? none : { mode: 'all', names: [], workflows: second })
  })

  test('GATE1-1 counts the workflows of all files', () => {
    const workflows = [workflow('pull_request'), workflow('pull_request', 'lint'), workflow('push', 'other')]
    expect(expected({ workflows }).round1.workflows).toBe(3)
  })

  test('GATE1-1 a change that is not known beforehand insists on no run that looks at paths, and waits for what runs', () => {
    const workflows = [workflow('{ pull_request: { paths: ["src/**"] } }')]
    expect(expected({ workflows, files: null }).round1).toEqual({ mode: 'all', names: [], workflows: 0 })
  })

  test.each([
    ['nonsense', ': : :'],
    ['no jobs', 'on: push'],
    [
      'a bomb of aliases',
      `a: &a [x, x]\n${Array.from({ length: 30 }, (_, at) => `b${at}: &b${at} [*${at === 0 ? 'a' : `b${at - 1}`}, *${at === 0 ? 'a' : `b${at - 1}`}]`).join('\n')}\non: push\njobs: { a: *b29 }`,
    ],
    ['a file nested too deeply', `on: push\njobs: ${'['.repeat(100_000)}`],
  ])('GATE1-1 a workflow file that is %s runs nothing', (_, text) => {
    expect(expected({ workflows: [{ path: '.github/workflows/x.yml', text }] }).round1).toEqual(none)
  })
})

describe('GATE1-1 GATE2-1 which checks a round waits for by name', () => {
  test('GATE1-1 auto means the required checks where there are any', () => {
    const { round1, round2 } = expected({ required: ['lint', 'unit tests'] })
    expect(round1).toEqual({ mode: 'named', names: ['lint', 'unit tests'], workflows: 2 })
    expect(round2).toEqual({ mode: 'named', names: ['lint', 'unit tests'], workflows: 1 })
  })

  test('GATE2-1 a required check that only pull requests start is not waited for on the merge commit', () => {
    const workflows = [workflow('pull_request', 'pr', 'jobs: { title: {} }'), workflow('push')]
    const { round1, round2 } = expected({ workflows, required: ['title', 'lint'] })
    expect(round1.names).toEqual(['lint', 'title'])
    expect(round2.names).toEqual(['lint'])
  })

  test('GATE2-1 waits for all runs where no required check is started by the push', () => {
    const workflows = [
      workflow('pull_request', 'pr', 'jobs: { title: {} }'),
      workflow('push', 'ci', 'jobs: { lint: {} }'),
    ]
    expect(expected({ workflows, required: ['title'] }).round2).toEqual({ mode: 'all', names: [], workflows: 1 })
  })

  test('GATE-4 waits for the required check of an app outside GitHub Actions, and never for its own', () => {
    expect(expected({ required: ['ci/circle', 'Pawl / round 1'] }).round1.names).toEqual(['ci/circle'])
  })

  test.each(['build (ubuntu)', 'unit tests'])('GATE2-1 knows the check %s as that of a job', (name) => {
    expect(expected({ workflows: [workflow('pull_request')], required: [name] }).round2).toEqual(none)
  })

  test('GATE1-1 a list of names is what is waited for, and an empty one is nothing', () => {
    const { round1, round2 } = expected({ rounds: { round1: ['unit tests'], round2: [] }, required: ['lint'] })
    expect(round1).toEqual({ mode: 'named', names: ['unit tests'], workflows: 2 })
    expect(round2).toEqual(none)
  })

  test('PLAN-11 a check that /revise adds is waited for besides the others', () => {
    expect(expected({ added: ['lint'] }).round1).toEqual({ mode: 'all', names: ['lint'], workflows: 2 })
    expect(expected({ added: ['lint'], required: ['unit tests'] }).round1.names).toEqual(['lint', 'unit tests'])
    expect(expected({ added: ['external'], workflows: [] }).round1).toEqual({
      mode: 'named',
      names: ['external'],
      workflows: 0,
    })
  })

  test('GATE1-1 nothing is waited for where nothing runs and nothing is required', () => {
    expect(expected({ workflows: [] })).toEqual({ round1: none, round2: none })
  })
})

describe('PRE-4 the checks of the default branch', () => {
  test('PRE-4 expects what a push starts whatever it changes', () => {
    const workflows = [workflow('push'), workflow('{ push: { paths: [x] } }', 'other')]
    expect(checksAfterPush('auto', [], workflows, 'main')).toEqual({ mode: 'all', names: [], workflows: 1 })
  })

  test('PRE-4 insists on nothing where only workflows run that look at the changed paths', () => {
    expect(checksAfterPush('auto', [], [workflow('{ push: { paths: [x] } }')], 'main')).toEqual(none)
  })

  test('OUT-2 sees whether a workflow hears of deployments', () => {
    expect(listensToDeployments([workflow('[push, deployment]')])).toBe(true)
    expect(listensToDeployments([workflow('deployment_status')])).toBe(false)
  })
})
