import { expect, test, vi } from 'vitest'

import { demo, withCode, type Code } from './code-fixture.ts'
import { refusal } from './fixture.ts'

const workflow = (on: string, run: string, more = ''): string => `name: CI
on: ${on}
${more}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
${run.replaceAll(/^/gm, '          ')}
`

const ci = '.github/workflows/ci.yml'

/** Conclusions of the newest check runs of GitHub Actions on a ref. */
async function checks({ bot, github }: Code, ref: string): Promise<string[]> {
  await github.idle()
  const { data } = await bot.checks.listForRef({ ...demo, ref })
  return data.check_runs.map(({ name, conclusion, app }) => `${app?.slug} ${name} ${conclusion}`)
}

test('a push runs the workflows of the pushed commit, a suite a run and a check run a job', () =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { bot, commit, git, heard, last } = code
    const sha = await commit({
      [ci]: workflow('push', 'test "$(cat a.txt)" = one\ntest "$GITHUB_SHA" = "$(git rev-parse HEAD)"'),
    })
    await git('push', '-q', 'origin', 'HEAD:main')
    expect(await heard()).toEqual([
      'push',
      'check_suite.requested',
      'workflow_run.requested',
      'workflow_run.in_progress',
      'check_run.created',
      'workflow_job.queued',
      'workflow_job.in_progress',
      'workflow_job.completed',
      'check_run.completed',
      'workflow_run.completed',
      'check_suite.completed',
    ])
    const about = { app: { slug: 'github-actions' }, head_sha: sha, conclusion: 'success', status: 'completed' }
    expect(last('check_run.completed')).toMatchObject({
      check_run: { ...about, name: 'build' },
      sender: { login: 'octo' },
    })
    expect(last('check_suite.completed')).toMatchObject({ check_suite: { ...about, head_branch: 'main' } })
    expect(last('workflow_run.completed')).toMatchObject({
      workflow_run: { head_sha: sha, event: 'push', run_number: 1, path: ci, display_title: 'Change' },
      workflow: { name: 'CI' },
    })
    expect(await checks(code, 'main')).toEqual(['github-actions build success'])
    const runs = await bot.actions.listWorkflowRunsForRepo({ ...demo, head_sha: sha })
    expect(runs.data).toMatchObject({
      total_count: 1,
      workflow_runs: [{ name: 'CI', conclusion: 'success', run_attempt: 1 }],
    })
    const run_id = runs.data.workflow_runs[0]?.id ?? 0
    const jobs = await bot.actions.listJobsForWorkflowRun({ ...demo, run_id })
    expect(jobs.data.jobs).toMatchObject([{ name: 'build', workflow_name: 'CI', conclusion: 'success' }])
    const names = jobs.data.jobs[0]?.steps?.map(({ name }) => name)
    expect(names?.[0]).toBe('Set up job')
    expect(names?.at(-1)).toBe('Complete job')
    const job_id = jobs.data.jobs[0]?.id ?? 0
    const log = await bot.actions.downloadJobLogsForWorkflowRun({ ...demo, job_id })
    expect(log.data).toContain('test "$(cat a.txt)" = one')
    expect(await fetch(`${code.github.url}/_logs/${job_id}?signature=wrong`)).toMatchObject({ status: 404 })
    const listed = await bot.actions.listRepoWorkflows({ ...demo })
    expect(listed.data.workflows).toMatchObject([{ name: 'CI', path: ci, state: 'active' }])
    const byFile = await bot.actions.listWorkflowRuns({ ...demo, workflow_id: 'ci.yml', status: 'success' })
    expect(byFile.data.total_count).toBe(1)
  }))

test('a pull request runs in its trial merge, and its checks are on its head', () =>
  withCode(
    { 'a.txt': 'one\n', [ci]: workflow('pull_request', 'cat b.txt main.txt\ntest "$GITHUB_REF" = refs/pull/1/merge') },
    async (code) => {
      const { octo, bot, commit, git, heard, last } = code
      await git('checkout', '-q', '-b', 'topic')
      const head = await commit({ 'b.txt': 'b\n' })
      await git('push', '-q', 'origin', 'topic')
      await git('checkout', '-q', 'main')
      await commit({ 'main.txt': 'm\n' })
      await git('push', '-q', 'origin', 'main')
      expect(await heard()).not.toContain('workflow_run.requested')
      await octo.pulls.create({ ...demo, title: 'Take it', head: 'topic', base: 'main' })
      expect(await checks(code, head)).toEqual(['github-actions build success'])
      expect(last('check_run.completed')).toMatchObject({
        check_run: { head_sha: head, pull_requests: [{ number: 1 }] },
      })
      expect(last('workflow_run.completed')).toMatchObject({
        workflow_run: { head_branch: 'topic', event: 'pull_request', display_title: 'Take it' },
      })
      await git('checkout', '-q', 'topic')
      const broken = await commit({ 'b.txt': 'b\n', 'main.txt': 'conflict\n' })
      await git('push', '-q', 'origin', 'topic')
      expect(await checks(code, broken)).toEqual([])
      expect((await bot.pulls.get({ ...demo, pull_number: 1 })).data.mergeable).toBe(false)
    },
  ))

test('a failed step fails its job, with its annotation, and later jobs are skipped', () =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { bot, commit, git } = code
    const later = `
  later:
    needs: build
    runs-on: ubuntu-latest
    steps: [{ run: 'true' }]
`
    const text = workflow('push', 'echo "::error file=a.txt,line=1,title=Bad::It is wrong"\nexit 3') + later
    await commit({ [ci]: text })
    await git('push', '-q', 'origin', 'HEAD:main')
    expect((await checks(code, 'main')).toSorted()).toEqual([
      'github-actions build failure',
      'github-actions later skipped',
    ])
    const { data } = await bot.checks.listForRef({ ...demo, ref: 'main', check_name: 'build' })
    const notes = await bot.checks.listAnnotations({ ...demo, check_run_id: data.check_runs[0]?.id ?? 0 })
    expect(notes.data).toMatchObject([
      { path: 'a.txt', start_line: 1, title: 'Bad', message: 'It is wrong', annotation_level: 'failure' },
      { path: '.github', message: expect.stringContaining('exit code 3') },
    ])
    const suites = await bot.checks.listSuitesForRef({ ...demo, ref: 'main', check_name: 'build' })
    expect(suites.data.check_suites).toMatchObject([{ conclusion: 'failure', latest_check_runs_count: 2 }])
  }))

test('a file that is no workflow is shown as a run that could not start', () =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { bot, commit, git, github } = code
    await commit({ [ci]: 'name: Broken\non: push\njobs:\n  build: {}\n' })
    await git('push', '-q', 'origin', 'HEAD:main')
    await github.idle()
    const { data } = await bot.actions.listWorkflowRunsForRepo({ ...demo })
    expect(data.workflow_runs).toMatchObject([{ status: 'completed', conclusion: 'startup_failure' }])
  }))

const deploy = `on: deployment
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - env: { GH_TOKEN: '\${{ github.token }}', ID: '\${{ github.event.deployment.id }}' }
        run: |
          test "$CODENAME" = brave-otter && test "$REGION" = north
          curl -sf -X POST -H "Authorization: Bearer $GH_TOKEN" -d '{"state":"success","environment_url":"http://127.0.0.1:1"}' \\
            "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/deployments/$ID/statuses" > /dev/null
    env:
      CODENAME: \${{ github.event.deployment.payload.codename }}
      REGION: \${{ vars.REGION }}
`

test('a deployment’s workflow reports with its own token, which starts nothing else', () =>
  withCode(
    {
      'a.txt': 'one\n',
      '.github/workflows/deploy.yml': deploy,
      '.github/workflows/after.yml': workflow('deployment_status', 'true'),
    },
    async (code) => {
      const { github, bot, heard, last } = code
      await github.setVariable('octo/demo', 'REGION', 'north')
      const started = performance.now()
      await bot.repos.createDeployment({
        ...demo,
        ref: 'main',
        payload: { codename: 'brave-otter' },
        required_contexts: [],
      })
      const names = await heard()
      expect(performance.now() - started).toBeLessThan(15_000)
      expect(names).toContain('deployment_status.created')
      expect(last('deployment_status.created')).toMatchObject({
        deployment_status: { state: 'success' },
        sender: { login: 'github-actions[bot]' },
      })
      expect(names.filter((name) => name === 'workflow_run.completed')).toHaveLength(1)
      const { data } = await bot.actions.listWorkflowRunsForRepo({ ...demo })
      expect(data.workflow_runs).toMatchObject([
        { event: 'deployment', conclusion: 'success', path: '.github/workflows/deploy.yml' },
      ])
    },
  ))

test('a job’s token may do what the job’s permissions say, and its pushes start no workflow', () => {
  const push = `echo new > made.txt
git config user.name me && git config user.email me@example.org
git add made.txt && git commit -qm Made
git push -q "\${GITHUB_SERVER_URL/:\\/\\//://x:$TOKEN@}/$GITHUB_REPOSITORY" HEAD:$TARGET`
  const env = "env: { TOKEN: '${{ github.token }}', TARGET: '${{ vars.TARGET }}' }"
  return withCode(
    { [ci]: workflow('workflow_dispatch', push, `${env}\npermissions: { contents: write }`) },
    async (code) => {
      const { github, bot, commit, git } = code
      await github.setVariable('octo/demo', 'TARGET', 'made')
      await commit({ '.github/workflows/all.yml': workflow('push', 'true').replace('name: CI', 'name: All') })
      await git('push', '-q', 'origin', 'HEAD:main')
      await github.idle()
      await bot.actions.createWorkflowDispatch({ ...demo, workflow_id: 'ci.yml', ref: 'main' })
      await github.idle()
      expect((await bot.repos.getContent({ ...demo, path: 'made.txt', ref: 'made' })).status).toBe(200)
      const runs = await bot.actions.listWorkflowRunsForRepo({ ...demo, branch: 'made' })
      expect(runs.data.total_count).toBe(0)
      await commit({ [ci]: workflow('workflow_dispatch', push, `${env}\npermissions: { contents: read }`) })
      await git('push', '-q', 'origin', 'HEAD:main')
      await github.setVariable('octo/demo', 'TARGET', 'refused')
      await bot.actions.createWorkflowDispatch({ ...demo, workflow_id: 'ci.yml', ref: 'main' })
      await github.idle()
      const [latest] = (await bot.actions.listWorkflowRuns({ ...demo, workflow_id: 'ci.yml' })).data.workflow_runs
      expect(latest?.conclusion).toBe('failure')
    },
  )
})

test(
  'a dispatched run has its inputs, can be cancelled and run again as its next attempt',
  () =>
    withCode(
      {
        [ci]: workflow(
          '{ workflow_dispatch: { inputs: { seconds: { required: true } } } }',
          'sleep "${{ inputs.seconds }}"',
        ),
      },
      async (code) => {
        const { octo, bot, git, heard, github, last } = code
        const dispatched = await bot.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
          ...demo,
          workflow_id: 'ci.yml',
          ref: 'main',
          inputs: { seconds: '60' },
          return_run_details: true,
        })
        const { workflow_run_id: run_id } = dispatched.data as unknown as { workflow_run_id: number }
        await vi.waitFor(async () => {
          const { data } = await bot.actions.listJobsForWorkflowRun({ ...demo, run_id })
          expect(
            data.jobs[0]?.steps?.some((step) => step.name.startsWith('Run sleep') && step.status === 'in_progress'),
          ).toBe(true)
        }, 20_000)
        expect(await refusal(octo.actions.reRunWorkflow({ ...demo, run_id }))).toMatchObject({ status: 403 })
        expect((await octo.actions.cancelWorkflowRun({ ...demo, run_id })).status).toBe(202)
        const names = await heard()
        expect(names.filter((name) => name === 'workflow_dispatch')).toHaveLength(1)
        expect(last('workflow_run.completed')).toMatchObject({
          workflow_run: { conclusion: 'cancelled', run_attempt: 1 },
        })
        expect(await refusal(octo.actions.cancelWorkflowRun({ ...demo, run_id }))).toMatchObject({ status: 409 })
        const first = await bot.checks.listForRef({ ...demo, ref: 'main' })
        await octo.actions.reRunWorkflow({ ...demo, run_id })
        await vi.waitFor(async () => {
          const { data } = await bot.actions.listJobsForWorkflowRun({ ...demo, run_id })
          expect(data.jobs[0]?.status).toBe('in_progress')
        }, 20_000)
        const again = await bot.checks.listForRef({ ...demo, ref: 'main' })
        expect(again.data.check_runs).toMatchObject([{ name: 'build', conclusion: null }])
        expect(again.data.check_runs[0]?.id).not.toBe(first.data.check_runs[0]?.id)
        expect(again.data.check_runs[0]?.check_suite?.id).toBe(first.data.check_runs[0]?.check_suite?.id)
        await octo.actions.cancelWorkflowRun({ ...demo, run_id })
        await github.idle()
        expect((await bot.actions.getWorkflowRun({ ...demo, run_id })).data).toMatchObject({
          run_attempt: 2,
          conclusion: 'cancelled',
          triggering_actor: { login: 'octo' },
        })
        const all = await bot.actions.listJobsForWorkflowRun({ ...demo, run_id, filter: 'all' })
        expect(all.data.total_count).toBe(2)
        await git('push', '-q', 'origin', 'HEAD:refs/tags/v1')
        const other = octo.actions.createWorkflowDispatch({ ...demo, workflow_id: 'none.yml', ref: 'main' })
        expect(await refusal(other)).toMatchObject({ status: 404 })
      },
    ),
  60_000,
)

test('a job with an environment is a deployment', () => {
  const job = `on: push
jobs:
  ship:
    runs-on: ubuntu-latest
    environment: { name: staging, url: http://127.0.0.1:1/ }
    steps: [{ run: 'true' }]
`
  return withCode({ 'a.txt': '' }, async (code) => {
    const { bot, commit, git, heard } = code
    await commit({ [ci]: job })
    await git('push', '-q', 'origin', 'HEAD:main')
    const names = await heard()
    expect(names.filter((name) => name.startsWith('deployment'))).toEqual([
      'deployment.created',
      'deployment_status.created',
      'deployment_status.created',
    ])
    const { data } = await bot.repos.listDeployments({ ...demo, environment: 'staging' })
    expect(data).toMatchObject([{ ref: 'main', creator: { login: 'github-actions[bot]' } }])
    const statuses = await bot.repos.listDeploymentStatuses({ ...demo, deployment_id: data[0]?.id ?? 0 })
    expect(statuses.data.map(({ state }) => state)).toEqual(['success', 'in_progress'])
  })
})

test('releases, comments and other workflows start runs too', () => {
  const other = workflow('{ workflow_run: { workflows: [CI], types: [completed] } }', 'true').replace(
    'name: CI',
    'name: After',
  )
  const files = {
    [ci]: workflow('{ release: { types: [published] }, issue_comment: {} }', 'test -n "$GITHUB_REF"'),
    '.github/workflows/after.yml': other,
  }
  return withCode(files, async (code) => {
    const { octo, bot, github } = code
    const issue = await octo.issues.create({ ...demo, title: 'Hello' })
    await octo.issues.createComment({ ...demo, issue_number: issue.data.number, body: 'Hi' })
    await github.idle()
    await bot.repos.createRelease({ ...demo, tag_name: 'v1' })
    await github.idle()
    const { data } = await bot.actions.listWorkflowRunsForRepo({ ...demo })
    const told = data.workflow_runs.map(
      ({ event, name, head_branch, conclusion }) => `${event} ${name} ${head_branch} ${conclusion}`,
    )
    expect(told).toEqual([
      'workflow_run After main success',
      'release CI v1 success',
      'workflow_run After main success',
      'issue_comment CI main success',
    ])
  })
})
