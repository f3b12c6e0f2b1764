import { expect, test } from 'vitest'

import type { WorkflowEvent } from '../../../src/local-github/actions/contract.ts'
import { triggeredWorkflows } from '../../../src/local-github/actions/triggers.ts'

const sha = 'a'.repeat(40)
const push = (ref: string, changedFiles: string[] | null = null, payload = {}): WorkflowEvent => ({
  name: 'push',
  payload,
  ref,
  sha,
  changedFiles,
})
const pull = (action: string, base: string, changedFiles: string[] | null = null): WorkflowEvent => ({
  name: 'pull_request',
  payload: { action, pull_request: { base: { ref: base } } },
  ref: 'refs/pull/7/merge',
  sha,
  changedFiles,
})
const other = (name: string, payload = {}): WorkflowEvent => ({
  name,
  payload,
  ref: 'refs/heads/main',
  sha,
  changedFiles: null,
})

const job = 'jobs: { a: { runs-on: x, steps: [{ run: "true" }] } }'

function starts(on: string, event: WorkflowEvent): boolean {
  const [started] = triggeredWorkflows([{ path: '.github/workflows/a.yml', text: `on: ${on}\n${job}` }], event)
  if (started?.ok === false) throw new Error(started.error)
  return started !== undefined
}

test('a push starts what asks for pushes, whatever the form of on', () => {
  expect(starts('push', push('refs/heads/main'))).toBe(true)
  expect(starts('[push, pull_request]', push('refs/tags/v1'))).toBe(true)
  expect(starts('{ push: , workflow_dispatch: }', push('refs/heads/main'))).toBe(true)
  expect(starts('pull_request', push('refs/heads/main'))).toBe(false)
})

test('branches and tags of a push are filtered, the last pattern that fits decides', () => {
  const on = "{ push: { branches: [main, 'releases/**', '!releases/**-alpha'] } }"
  expect(starts(on, push('refs/heads/main'))).toBe(true)
  expect(starts(on, push('refs/heads/releases/10'))).toBe(true)
  expect(starts(on, push('refs/heads/releases/10-alpha'))).toBe(false)
  expect(starts(on, push('refs/tags/main'))).toBe(false)
  expect(starts("{ push: { branches-ignore: ['wip/**'] } }", push('refs/heads/wip/a'))).toBe(false)
  expect(starts("{ push: { branches-ignore: ['wip/**'] } }", push('refs/heads/a'))).toBe(true)
  expect(starts("{ push: { tags: ['v*'] } }", push('refs/tags/v1'))).toBe(true)
  expect(starts("{ push: { tags: ['v*'] } }", push('refs/heads/v1'))).toBe(false)
  expect(starts("{ push: { tags-ignore: ['v*'], branches: [main] } }", push('refs/tags/w1'))).toBe(true)
})

test('paths need one changed file, paths-ignore one that is not ignored, and tags have no paths', () => {
  const on = "{ push: { paths: ['src/**', '!src/**/*.md'] } }"
  expect(starts(on, push('refs/heads/main', ['README.md', 'src/a.ts']))).toBe(true)
  expect(starts(on, push('refs/heads/main', ['src/a/b.md']))).toBe(false)
  expect(starts(on, push('refs/heads/main', null))).toBe(true)
  expect(starts(on, push('refs/heads/main', []))).toBe(false)
  expect(starts(on, push('refs/tags/v1', ['README.md']))).toBe(true)
  const ignore = "{ push: { paths-ignore: ['docs/**'] } }"
  expect(starts(ignore, push('refs/heads/main', ['docs/a.md']))).toBe(false)
  expect(starts(ignore, push('refs/heads/main', ['docs/a.md', 'a.js']))).toBe(true)
})

test('a deleted ref and a commit that says so start nothing', () => {
  expect(starts('push', push('refs/heads/main', null, { deleted: true }))).toBe(false)
  expect(starts('push', push('refs/heads/main', null, { head_commit: { message: 'Mend docs [skip ci]' } }))).toBe(false)
})

test('a pull request is filtered by its base branch, its action and its files', () => {
  expect(starts('pull_request', pull('synchronize', 'main'))).toBe(true)
  expect(starts('pull_request', pull('labeled', 'main'))).toBe(false)
  expect(starts('{ pull_request: { types: [labeled] } }', pull('labeled', 'main'))).toBe(true)
  expect(starts('{ pull_request: { types: labeled } }', pull('opened', 'main'))).toBe(false)
  expect(starts("{ pull_request: { branches: ['release/**'] } }", pull('opened', 'main'))).toBe(false)
  expect(starts('{ pull_request: { branches-ignore: [main] } }', pull('opened', 'main'))).toBe(false)
  expect(starts("{ pull_request: { paths: ['**.js'] } }", pull('opened', 'main', ['a/b.js']))).toBe(true)
  expect(starts("{ pull_request: { paths: ['**.js'] } }", pull('opened', 'main', ['b.ts']))).toBe(false)
})

test('other events start by name and type', () => {
  expect(starts('deployment', other('deployment'))).toBe(true)
  expect(starts('deployment_status', other('deployment_status'))).toBe(true)
  expect(starts('{ release: { types: [published] } }', other('release', { action: 'published' }))).toBe(true)
  expect(starts('{ release: { types: [published] } }', other('release', { action: 'created' }))).toBe(false)
  expect(starts('release', other('release', { action: 'created' }))).toBe(true)
  expect(starts('workflow_call', other('workflow_call'))).toBe(false)
  expect(starts("{ schedule: [{ cron: '0 1 * * *' }] }", other('schedule', { schedule: '0 1 * * *' }))).toBe(true)
  const done = { action: 'completed', workflow_run: { name: 'CI', head_branch: 'main' } }
  expect(starts('{ workflow_run: { workflows: [CI], types: [completed] } }', other('workflow_run', done))).toBe(true)
  expect(starts('{ workflow_run: { workflows: [Other] } }', other('workflow_run', done))).toBe(false)
})

test('workflow_dispatch starts only the file that it names', () => {
  const text = `on: workflow_dispatch\n${job}`
  const files = ['b', 'a'].map((name) => ({ path: `.github/workflows/${name}.yml`, text }))
  const started = triggeredWorkflows(files, other('workflow_dispatch', { workflow: '.github/workflows/b.yml' }))
  expect(started.map(({ path }) => path)).toEqual(['.github/workflows/b.yml'])
})

test('workflows come in order of path, and other files are left out', () => {
  const text = `name: Same\non: push\n${job}`
  const paths = [
    '.github/workflows/z.yaml',
    '.github/workflows/a.yml',
    '.github/workflows/deep/b.yml',
    'ci.yml',
    '.github/x.yml',
  ]
  const started = triggeredWorkflows(
    paths.map((path) => ({ path, text })),
    push('refs/heads/main'),
  )
  expect(started).toEqual([
    { path: '.github/workflows/a.yml', name: 'Same', ok: true },
    { path: '.github/workflows/z.yaml', name: 'Same', ok: true },
  ])
})

test('an invalid file is shown for pushes and pull requests with what is wrong and where', () => {
  const files = [{ path: '.github/workflows/a.yml', text: 'name: Broken\non: release\njobs:\n  a:\n    steps: []\n' }]
  const error = "(Line: 5, Col: 5): Required property is missing: 'runs-on'"
  const shown = [{ path: '.github/workflows/a.yml', name: 'Broken', ok: false, error }]
  expect(triggeredWorkflows(files, push('refs/heads/main'))).toEqual(shown)
  expect(triggeredWorkflows(files, pull('opened', 'main'))).toEqual(shown)
  expect(triggeredWorkflows(files, other('release'))).toEqual([])
})
