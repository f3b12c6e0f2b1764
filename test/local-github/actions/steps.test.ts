import { createHash } from 'node:crypto'
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

/** Runs one job with these steps, given from the column of `steps:`. */
const runSteps = (steps: string, more: Parameters<typeof runWorkflow>[3] = {}, job = '') =>
  runWorkflow(
    scene,
    runner,
    `on: push\nenv: { LEVEL: run, RUN: '1' }\njobs:\n  a:\n    runs-on: x\n${job}    steps:\n${steps}`,
    more,
  )

test('env of run, job and step lie over each other, and steps add to it and to PATH', async () => {
  const told = await runSteps(
    `
      - env: { LEVEL: step }
        run: |
          echo "$LEVEL $RUN $JOB \${{ env.LEVEL }} \${{ env.JOB }}"
          echo 'ADDED=one' >> $GITHUB_ENV
          printf 'MANY<<END\\nfirst\\nsecond\\nEND\\n' >> $GITHUB_ENV
          echo 'GITHUB_SHA=forged' >> $GITHUB_ENV
          mkdir bin && printf '#!/bin/sh\\necho "own tool"\\n' > bin/own-tool && chmod +x bin/own-tool
          echo "$PWD/bin" >> $GITHUB_PATH
      - run: |
          echo "$LEVEL $ADDED \${{ env.ADDED }} $GITHUB_SHA"
          echo "$MANY"
          own-tool
`,
    {},
    `    env: { LEVEL: job, JOB: yes }\n`,
  )
  expect(told.conclusion).toBe('success')
  const text = told.text('a')
  expect(text).toContain('\nstep 1 yes step yes\n')
  expect(text).toMatch(/\njob one one [\da-f]{40}\nfirst\nsecond\nown tool\n/)
})

test('later steps see outputs, outcomes and the status of earlier ones', async () => {
  const told = await runSteps(`
      - id: soft
        continue-on-error: true
        run: |
          echo 'said=before it broke' >> $GITHUB_OUTPUT
          exit 7
      - run: echo '\${{ steps.soft.outcome }} \${{ steps.soft.conclusion }} \${{ steps.soft.outputs.said }} \${{ job.status }}'
      - id: old
        run: echo '::set-output name=word::old way'
      - run: echo '\${{ steps.old.outputs.word }}'
      - run: exit 1
      - if: failure()
        run: echo 'mended \${{ job.status }}'
      - if: "!cancelled() && github.actor == 'mona'"
        run: echo 'not cancelled'
      - if: \${{ always() }}
        run: echo 'always here'
      - run: echo 'never here'
`)
  expect(told.conclusion).toBe('failure')
  const text = told.text('a')
  expect(text).toContain('\nfailure success before it broke success\n')
  for (const said of ['old way', 'mended failure', 'not cancelled', 'always here'])
    expect(text).toContain(`\n${said}\n`)
  expect(text).not.toContain('never here')
  expect(told.job('a').steps[1]).toMatchObject({
    name: "Run echo 'said=before it broke' >> $GITHUB_OUTPUT",
    conclusion: 'success',
  })
})

test('bash stops at a broken pipe only when it is named, and other shells run too', async () => {
  const told = await runSteps(`
      - run: "false | true; echo unnamed goes on"
      - shell: sh
        run: echo "sh says $0" | sed 's/_temp.*_temp//'
      - shell: python
        run: print('python says', 1 + 1)
      - shell: cat {0}
        run: the script itself
      - shell: bash
        run: "false | true; echo never"
`)
  expect(told.text('a')).toContain('\nunnamed goes on\n')
  expect(told.text('a')).toContain('\npython says 2\n')
  expect(told.text('a')).toContain('\nthe script itself\n')
  expect(
    told
      .job('a')
      .steps.map((step) => step.conclusion)
      .slice(1, 6),
  ).toEqual(['success', 'success', 'success', 'success', 'failure'])
})

test('defaults give shell and folder, and a step may say otherwise', async () => {
  const told = await runSteps(
    `
      - working-directory: .
        run: mkdir -p deep/er
      - run: basename "$PWD"; echo "$BASH_OPTIONS"
      - working-directory: deep/er
        run: basename "$PWD"
      - working-directory: missing
        run: echo never
`,
    {},
    `    defaults: { run: { shell: bash, working-directory: deep } }\n`,
  )
  expect(told.text('a')).toContain('\ndeep\n')
  expect(told.text('a')).toContain('\ner\n')
  expect(told.job('a').steps[4]?.conclusion).toBe('failure')
  expect(told.text('a')).toContain('bash --noprofile --norc -eo pipefail')
})

test('an environment has a name at the start and a url when the steps have made it', async () => {
  const told = await runSteps(
    `
      - id: up
        run: echo 'url=https://\${{ matrix.stage }}.example.org' >> $GITHUB_OUTPUT
`,
    {},
    `    strategy: { matrix: { stage: [production] } }
    environment: { name: "\${{ matrix.stage }}", url: "\${{ steps.up.outputs.url }}" }\n`,
  )
  const environments = told.reports.flatMap((report) => (report.kind === 'job' ? [report.job.environment] : []))
  expect(environments[0]).toEqual({ name: 'production', url: null })
  expect(environments.at(-1)).toEqual({ name: 'production', url: 'https://production.example.org' })
})

test('a workflow gives defaults to jobs that have none', async () => {
  const told = await runWorkflow(
    scene,
    runner,
    `on: push
defaults: { run: { shell: 'cat {0}', working-directory: / } }
jobs:
  a: { runs-on: x, steps: [{ run: only read }] }
  b: { runs-on: x, defaults: { run: { shell: sh } }, steps: [{ run: 'echo "in $PWD."' }] }
`,
  )
  expect(told.text('a')).toContain('\nonly read\n')
  expect(told.text('b')).toContain('\nin /.\n')
})

test('commands make annotations, groups and masks, and can be stopped', async () => {
  const told = await runSteps(`
      - run: |
          echo '::error file=src/a.js,line=3,endLine=4,col=5,title=Bad::It is 100%25 wrong%0Aand more'
          echo "::warning file=$PWD/src/b.js::careful"
          echo '::notice::by the way'
          echo '::group::Details'
          echo 'inside'
          echo '::endgroup::'
          echo '::debug::hidden'
          echo '::stop-commands::pause'
          echo '::error::only text'
          echo '::pause::'
          echo '::add-mask::hush-hush'
          echo 'it is hush-hush now'
          printf 'no end of line'
`)
  expect(told.job('a').annotations).toEqual([
    {
      path: 'src/a.js',
      startLine: 3,
      endLine: 4,
      startColumn: 5,
      level: 'failure',
      title: 'Bad',
      message: 'It is 100% wrong\nand more',
    },
    { path: 'src/b.js', startLine: 1, endLine: 1, level: 'warning', message: 'careful' },
    { path: '.github', startLine: 1, endLine: 1, level: 'notice', message: 'by the way' },
  ])
  const text = told.text('a')
  expect(text).toContain('\n##[group]Details\ninside\n##[endgroup]\n')
  expect(text).toContain('\n::error::only text\nit is *** now\nno end of line\n')
  expect(text.slice(text.indexOf('##[endgroup]\n##[error]'))).not.toMatch(/hidden|hush-hush|##\[[\da-f]{8}-/)
})

test('secrets and the token reach steps that ask for them and no log', async () => {
  const told = await runSteps(
    `
      - env: { KEY: "\${{ secrets.KEY }}", TOKEN: "\${{ secrets.GITHUB_TOKEN }}" }
        run: |
          echo "$KEY and $TOKEN" | rev
          echo "$KEY and $TOKEN and \${{ github.token }}"
          echo "$KEY" >> $GITHUB_STEP_SUMMARY
          echo "::warning::$KEY"
          echo "key=$KEY" >> $GITHUB_OUTPUT
        id: leak
      - run: env
      - run: echo "$GH_TOKEN" | rev
`,
    { secrets: { KEY: 'open-sesame', LINES: 'line-one\nline-two' } },
    `    env: { GH_TOKEN: "\${{ github.token }}" }
    outputs: { key: "\${{ steps.leak.outputs.key }}" }\n`,
  )
  const text = told.text('a')
  expect(text).toContain('emases-nepo')
  expect(text).toContain('boj_eht_fo_nekot_shg\n')
  expect(text).toContain('\n*** and *** and ***\n')
  expect(JSON.stringify(told.reports)).not.toMatch(/open-sesame|ghs_token_of_the_job/)
  expect(told.job('a')).toMatchObject({ summary: '***\n' })
  expect(text).toContain("Skip output 'key' since it may contain secret.")
})

test('summaries of all steps come together, and a bad command file fails its step', async () => {
  const told = await runSteps(`
      - run: echo '# One' >> $GITHUB_STEP_SUMMARY
      - run: echo '# Two' >> $GITHUB_STEP_SUMMARY
      - run: echo 'no sign of equality' >> $GITHUB_OUTPUT
`)
  expect(told.job('a').summary).toBe('# One\n# Two\n')
  expect(told.job('a').annotations[0]?.message).toBe(
    "Unable to process file command 'output' successfully. Invalid format 'no sign of equality'",
  )
})

test('a step that fails to evaluate fails, and says which expression', async () => {
  const told = await runSteps(`
      - run: echo \${{ fromJSON('not json') }}
`)
  expect(told.conclusion).toBe('failure')
  expect(told.job('a').annotations[0]?.message).toMatch(/^The expression `fromJSON\('not json'\)` failed/)
})

test('a step out of time is ended and fails', async () => {
  const started = performance.now()
  const told = await runSteps(`
      - timeout-minutes: 0.005
        run: sleep 60
      - if: failure()
        run: echo 'cleaned up'
`)
  expect(performance.now() - started).toBeLessThan(10_000)
  expect(told.conclusion).toBe('failure')
  expect(told.job('a').annotations[0]?.message).toBe('The step has timed out after 0.005 minutes.')
  expect(told.text('a')).toContain('\ncleaned up\n')
})

test('hashFiles hashes the hashes of what matches, and is empty where nothing does', async () => {
  const told = await runSteps(
    `
      - uses: actions/checkout@v4
      - run: echo 'one \${{ hashFiles('**/lock.json') }} none \${{ hashFiles('**/lock.json', '!deep/**') }}.'
`,
    { files: { 'deep/lock.json': '{}', 'other.json': '{}' } },
  )
  const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest()
  expect(told.text('a')).toContain(`\none ${sha256(sha256('{}')).toString('hex')} none .\n`)
})
