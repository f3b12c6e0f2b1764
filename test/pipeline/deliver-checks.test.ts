import { createAppAuth } from '@octokit/auth-app'
import { request as plainRequest } from '@octokit/request'
import { Octokit } from '@octokit/rest'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { identityIn } from '../../src/commands/embedded/identity.ts'
import { GATE_SCRIPT, GATED_CI, startShopHost, type ShopHost } from '../support/shop-host.ts'
import { expectStopped, rulesOf } from '../support/stopped.ts'
import { until } from '../support/until.ts'
import { change, CI, place, startWorld, type Place, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let world: World
let host: ShopHost
beforeAll(async () => {
  world = await startWorld()
  host = await startShopHost()
})
afterAll(async () => {
  await world.close()
  await host.close()
})

const price = change('export const price = 1', 'export const price = 2')

/** A workflow of one job that runs on pull requests and on the default branch. */
const workflow = (name: string, job: string) => `name: ${name}
on: { pull_request: {}, push: { branches: [main] } }
jobs:
  ${job}
`

/** The app's own client, to report checks under names that are not its own. */
async function asApp(shop: Place): Promise<Octokit> {
  const { privateKey } = identityIn(world.dir)
  const request = plainRequest.defaults({ baseUrl: world.github.apiUrl })
  const { installation } = (await shop.record(1)).request
  const auth = { appId: 1, privateKey, installationId: installation, request }
  return new Octokit({ baseUrl: world.github.apiUrl, authStrategy: createAppAuth, auth })
}

describe.concurrent('GATE-4', () => {
  test('a check run of the same name by an app that is not trusted does not count, not even Pawl’s own', async () => {
    const config = `deploy: { via: none }
preflight: { checks: false }
validation: { round1: { checks: [test], appears: 6s, retries: 0 } }
`
    const shop = await place(world, { config, files: { '.github/workflows/ci.yml': null } })
    const before = await shop.head()
    const issue = await shop.approved(price)
    await shop.until(issue, ({ phase }) => phase === 'round 1')
    const app = await asApp(shop)
    const { data: pulls } = await app.pulls.list(shop.at)
    const told = {
      name: 'test',
      head_sha: pulls[0]?.head.sha ?? '',
      status: 'completed',
      conclusion: 'success',
    } as const
    await app.checks.create({ ...shop.at, ...told })
    await expectStopped(shop, issue, before, /by the app pawl does not count/)
    expect(await rulesOf(shop, issue)).toEqual(['check-missing'])
  })

  test('a required check whose workflow the change removes is missing, and missing is no success', async () => {
    const config = `deploy: { via: none }
validation: { round1: { appears: 3s, retries: 0 } }
approval: { count: { high: 1 } }
`
    const shop = await place(world, { config })
    await world.github.protect(shop.name, 'main', { requiredChecks: ['test'] })
    const before = await shop.head()
    const lines = CI.trimEnd().split('\n')
    const removal = `diff --git a/.github/workflows/ci.yml b/.github/workflows/ci.yml
deleted file mode 100644
--- a/.github/workflows/ci.yml
+++ /dev/null
@@ -1,${lines.length} +0,0 @@
${lines.map((line) => `-${line}`).join('\n')}
`
    const issue = await shop.approved(`\`\`\`diff\n${removal}\`\`\`\n`)
    await expectStopped(shop, issue, before, /The check test/)
    expect(await rulesOf(shop, issue)).toContain('check-missing')
  })

  test('a skipped check passes', async () => {
    const skipped = workflow('extra', 'extra: { if: false, runs-on: ubuntu-latest, steps: [{ run: "false" }] }')
    const shop = await place(world, { files: { '.github/workflows/extra.yml': skipped } })
    expect((await shop.over(await shop.approved(price))).outcome).toBe('succeeded')
  })

  test('one job of a name in two workflows is two checks: the failing one is not hidden by the other', async () => {
    const twin = `name: twin
on: pull_request
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{ run: "echo the twin fails; exit 1" }]
`
    const shop = await place(world, { files: { '.github/workflows/twin.yml': twin } })
    const before = await shop.head()
    const issue = await shop.approved(price)
    await expectStopped(shop, issue, before, /The check test ended as failure/)
  })

  test('a run that a person cancels is a failure', async () => {
    const files = {
      '.github/workflows/ci.yml': GATED_CI,
      'gate.mjs': GATE_SCRIPT,
      '.github/workflows/deploy.yml': null,
    }
    const shop = await place(world, { config: 'deploy: { via: none }\n', host, files })
    const before = await shop.head()
    const issue = await shop.ask(price)
    await shop.planned(issue)
    host.gate(shop.at.repo, false)
    await shop.say(issue, '/approve')
    await shop.until(issue, ({ phase }) => phase === 'round 1')
    const run = await until(async () => {
      const { data } = await shop.as('ann').actions.listWorkflowRunsForRepo({ ...shop.at, event: 'pull_request' })
      return data.workflow_runs.find(({ status }) => status === 'in_progress')
    })
    await shop.as('ann').actions.cancelWorkflowRun({ ...shop.at, run_id: run.id })
    await expectStopped(shop, issue, before, /The check test ended as cancelled/)
  })
})
