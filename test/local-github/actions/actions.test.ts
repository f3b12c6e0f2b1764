import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { Runner } from '../../../src/local-github/actions/contract.ts'
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

const workflow = (jobs: string) => `on: push\njobs:\n${jobs}`
const job = (steps: string) => workflow(`  a:\n    runs-on: x\n    steps:\n${steps}`)

test('checkout gives the pushed commit alone, on its branch, with the server as origin and its token', async () => {
  await scene.commit({ 'a.txt': 'one\n' })
  const told = await runWorkflow(
    scene,
    runner,
    job(`
      - uses: actions/checkout@v4
        id: get
      - run: |
          echo "branch $(git branch --show-current), $(git rev-list --count HEAD) commit, $(git status --short | wc -l) changes"
          echo "origin $(git remote get-url origin) tracking $(git rev-parse --abbrev-ref @{upstream})"
          git config http.http://127.0.0.1:9/.extraheader | cut -d' ' -f3 | base64 -d | rev
          [ "\${{ steps.get.outputs.commit }}" = "$GITHUB_SHA" ] && echo 'same commit'
`),
  )
  const text = told.text('a')
  expect(text).toContain('\nbranch main, 1 commit, 0 changes\n')
  expect(text).toContain('\norigin http://127.0.0.1:9/octo/demo tracking origin/main\n')
  expect(text).toContain('boj_eht_fo_nekot_shg:nekot-ssecca-x')
  expect(text).toContain('same commit\n')
})

test('checkout takes other refs, commits, folders, depths, and no credentials', async () => {
  const first = await scene.commit({ 'side.txt': 'side\n' }, 'side/line')
  await scene.commit({ 'side.txt': 'side two\n' }, 'side/line')
  const told = await runWorkflow(
    scene,
    runner,
    job(`
      - uses: actions/checkout@v4
        with: { ref: side/line, path: side, persist-credentials: false }
      - run: cat side/side.txt; git -C side branch --show-current; git -C side config --get-regexp extraheader || echo 'no header'
      - uses: actions/checkout@v4
        with: { ref: ${first}, path: exact }
      - run: cat exact/side.txt; git -C exact branch --show-current | wc -c
      - uses: actions/checkout@v4
        with: { path: whole, fetch-depth: 0 }
      - run: git -C whole branch -r; git -C whole rev-list --count origin/side/line
      - uses: actions/checkout@v4
        with: { path: whole }
      - run: touch whole/stray; ls whole
      - uses: actions/checkout@v4
        with: { path: whole }
      - run: ls whole/stray || echo 'clean again'
      - uses: actions/checkout@v4
        with: { ref: missing }
`),
  )
  const text = told.text('a')
  expect(text).toContain('\nside two\nside/line\nno header\n')
  expect(text).toContain('\nside\n0\n')
  expect(text).toMatch(/\n {2}origin\/main\n {2}origin\/side\/line\n(\d+)\n/)
  expect(text).toContain('\nclean again\n')
  expect(told.job('a').steps.at(-2)?.conclusion).toBe('failure')
  expect(told.job('a').annotations.map(({ message }) => message)).toContain(
    "A branch or tag with the name 'missing' could not be found",
  )
})

test('a pull request is checked out at its merge, detached', async () => {
  const sha = await scene.commit({
    '.github/workflows/ci.yml': job(`
      - uses: actions/checkout@v4
      - run: echo "head '$(git branch --show-current)' $(git rev-parse HEAD) $GITHUB_HEAD_REF $GITHUB_BASE_REF"
`),
  })
  const texts: string[] = []
  const base = scene.request(sha)
  const outcome = await runner.run({
    ...base,
    event: { ...base.event, name: 'pull_request', ref: 'refs/pull/7/merge' },
    headRef: 'topic',
    baseRef: 'main',
    report: (report) => void (report.kind === 'log' && texts.push(report.text)),
  })
  expect(outcome.conclusion).toBe('success')
  expect(texts.join('')).toContain(`head '' ${sha} topic main\n`)
})

test("setup actions put the machine's own tool first, and say when another version is wanted", async () => {
  const told = await runWorkflow(
    scene,
    runner,
    job(`
      - uses: actions/setup-node@v4
        id: node
        with: { node-version: 4.2 }
      - run: echo "node $(node --version) is \${{ steps.node.outputs.node-version }}"
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version-file: .nvmrc, cache: npm }
      - uses: actions/setup-python@v5
        with: { python-version: '3.x' }
      - run: python -c 'print("python works")' && pip --version && python -c 'import sys; print("own" if sys.prefix != sys.base_prefix else "shared")'
`),
    { files: { '.nvmrc': `v${process.versions.node}\n` } },
  )
  const text = told.text('a')
  expect(text).toMatch(
    /##\[notice\]Node\.js 4\.2 is wanted; this machine has v\d+\.\d+\.\d+, which is used instead\.\n/,
  )
  expect(text).toMatch(/\nnode (v\d+\.\d+\.\d+) is \1\n/)
  expect(text.match(/is wanted/g)).toHaveLength(1)
  expect(text).toMatch(/\npython works\npip .*\nown\n/)
  expect(told.conclusion).toBe('success')
})

test('a tool that is not on this machine fails its step with the remedy', async () => {
  const folder = join(scene.folder, 'tools')
  await mkdir(folder)
  const before = process.env['PATH']
  process.env['PATH'] = (before ?? '')
    .split(':')
    .filter((entry) => !entry.includes('deno'))
    .join(':')
  const told = await runWorkflow(scene, runner, job('      - uses: denoland/setup-deno@v2\n'))
  process.env['PATH'] = before
  expect(told.job('a').annotations[0]?.message).toBe(
    'This machine has no Deno: deno is not on PATH. Install it and start again.',
  )
})

test('a cache is always missed, and artifacts go from job to job', async () => {
  const workDirectory = join(scene.folder, 'artifacts')
  const told = await runWorkflow(
    scene,
    runner,
    workflow(`
  make:
    runs-on: x
    steps:
      - uses: actions/cache@v4
        id: cache
        with: { path: ~/.npm, key: "k-\${{ runner.os }}" }
      - run: |
          echo "hit \${{ steps.cache.outputs.cache-hit }}"
          mkdir -p out/deep && echo one > out/one.txt && echo two > out/deep/two.txt && echo hidden > out/.env && echo no > out/skip.log
      - uses: actions/upload-artifact@v4
        id: up
        with:
          name: result
          path: |
            out/
            !out/**/*.log
      - run: '[ -n "\${{ steps.up.outputs.artifact-id }}" ]'
      - uses: actions/upload-artifact@v4
        with: { name: none, path: nothing/* }
      - uses: actions/upload-artifact@v4
        continue-on-error: true
        with: { name: result, path: out/one.txt }
      - uses: actions/upload-artifact@v4
        with: { name: single, path: out/deep/two.txt }
  take:
    needs: make
    runs-on: x
    steps:
      - uses: actions/download-artifact@v4
        with: { name: result, path: got }
      - run: cd got; find . -type f | sort
      - uses: actions/download-artifact@v4
        with: { path: all }
      - run: cd all; find . -type f | sort
      - uses: actions/download-artifact@v4
        with: { name: absent }
`),
    { workDirectory },
  )
  expect(told.text('make')).toContain('Cache not found for input keys: k-')
  expect(told.text('make')).toContain('\nhit false\n')
  const messages = told.job('make').annotations.map(({ message }) => message)
  expect(messages).toEqual([
    'No files were found with the provided path: nothing/*. No artifacts will be uploaded.',
    'An artifact with the name result already exists in this run. Give each one a name of its own.',
  ])
  expect(told.text('take')).toContain('\n./deep/two.txt\n./one.txt\n')
  expect(told.text('take')).toContain('\n./result/deep/two.txt\n./result/one.txt\n./single/two.txt\n')
  expect(told.job('take').annotations[0]?.message).toMatch(/Artifact not found for name: absent/)
  expect(await readFile(join(workDirectory, 'artifacts', 'single', 'two.txt'), 'utf8')).toBe('two\n')
})

test('npm in steps has the registry of the host and none of its credentials', async () => {
  const npmrc = join(scene.folder, 'npmrc')
  await writeFile(
    npmrc,
    'registry=https://registry.example.org/\n//registry.example.org/:_authToken=private\n@own:registry=https://u:private@own.example.org/\n',
  )
  await chmod(npmrc, 0o600)
  process.env['npm_config_userconfig'] = npmrc
  const told = await runWorkflow(scene, runner, job('      - run: cat "$HOME/.npmrc"\n'))
  delete process.env['npm_config_userconfig']
  expect(told.text('a')).toContain('registry=https://registry.example.org/\n')
  expect(told.text('a')).not.toContain('private')
})
