import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { Runner } from '../../../src/local-github/actions/contract.ts'
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

test('a job checks out the pushed commit and runs its steps in order', async () => {
  const told = await runWorkflow(
    scene,
    runner,
    `
name: CI
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: cat greeting.txt
      - run: echo "branch $(git branch --show-current) at $(git rev-parse HEAD)"
`,
    { files: { 'greeting.txt': 'good morning\n' } },
  )
  console.log(
    told.text('build'),
    JSON.stringify(told.job('build'), null, 1),
    await readFile(logPath(scene.folder + '/runs/1', 'build'), 'utf8'),
  )
  expect(told.conclusion).toBe('success')
})
