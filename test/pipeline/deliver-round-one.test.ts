import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { expectStopped, rulesOf } from '../support/stopped.ts'
import { change, place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const price = change('export const price = 1', 'export const price = 2')

/** Always fails, on pull requests only. */
const PICKY = `name: picky
on: pull_request
jobs:
  picky:
    runs-on: ubuntu-latest
    steps: [{ run: "echo nothing pleases me; exit 1" }]
`
const picky = { '.github/workflows/picky.yml': PICKY }

const withChecks = (names: string) => `deploy: { via: none }
validation: { round1: { checks: ${names} } }
`

describe.concurrent('GATE1-1 round 1 waits for', () => {
  test('the checks that the branch requires, and for no others', async () => {
    const shop = await place(world, { files: picky })
    await world.github.protect(shop.name, 'main', { requiredChecks: ['test'] })
    const issue = await shop.approved(price)
    expect((await shop.record(issue)).plan?.checks.round1).toMatchObject({ mode: 'named', names: ['test'] })
    expect((await shop.over(issue)).outcome).toBe('succeeded')
  })

  test('those that the configuration names', async () => {
    const shop = await place(world, { files: picky, config: withChecks('[test]') })
    expect((await shop.over(await shop.approved(price))).outcome).toBe('succeeded')
  })

  test('GATE1-5 OUT-4 all of them where nothing is required, and one that fails stops the update', async () => {
    const shop = await place(world, { files: picky })
    const before = await shop.head()
    const issue = await shop.approved(price)
    await expectStopped(shop, issue, before, /picky/)
    expect(await rulesOf(shop, issue)).toContain('check-failed')
    expect(await shop.told(issue, { kind: 'failure-report' })).toContain('nothing pleases me')
  })
})

describe.concurrent('GATE1-2 the security of the change', () => {
  const quiet = withChecks('[]')

  test('a secret in the diff stops it, and is shown nowhere', async () => {
    const secret = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`
    const shop = await place(world, { config: quiet })
    const before = await shop.head()
    const issue = await shop.approved(change('export const price = 1', `export const price = '${secret}'`))
    await expectStopped(shop, issue, before, /looks like a secret/)
    expect(await rulesOf(shop, issue)).toEqual(['secret-found'])
    expect(await shop.told(issue, { kind: 'failure-report' })).not.toContain(secret)
  })

  test('a symbolic link out of the repository stops it', async () => {
    const link =
      'diff --git a/src/link b/src/link\nnew file mode 120000\n--- /dev/null\n+++ b/src/link\n@@ -0,0 +1 @@\n+../../etc/passwd\n\\ No newline at end of file\n'
    const shop = await place(world, { config: quiet })
    const before = await shop.head()
    const issue = await shop.ask(`\`\`\`diff\n${link}\`\`\`\n`)
    // No plan is made of what round 1 would refuse.
    expect((await shop.over(issue)).outcome).toBe('needs-info')
    expect(await rulesOf(shop, issue)).toEqual(['symlink-escape'])
    expect(await shop.head()).toEqual(before)
  })

  test('a protected path passes only as one that the approved plan names', async () => {
    const shop = await place(world, { config: quiet, files: { CODEOWNERS: '* @ann\n' } })
    const issue = await shop.approved(change('* @ann', '* @bob', 'CODEOWNERS'))
    expect((await shop.record(issue)).plan?.protectedPaths).toEqual(['CODEOWNERS'])
    expect(await shop.told(issue, { kind: 'plan' })).toContain('CODEOWNERS')
    if ((await shop.record(issue)).plan?.approvals.needed === 2) await shop.say(issue, '/approve', 'bob')
    expect((await shop.over(issue)).outcome).toBe('succeeded')
  })
})
