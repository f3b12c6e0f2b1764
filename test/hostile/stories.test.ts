import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { change, place, startWorld, type Place, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
let ran: string
beforeAll(async () => {
  world = await startWorld()
  ran = join(world.dir, 'ran')
})
afterAll(() => world.close())

const QUICK = `deploy: { via: none }
preflight: { checks: false }
health: { soak: 1ms }
`

describe('COMM-2 a title and a label that are commands to a shell, to git and to GitHub', () => {
  let shop: Place
  let issue: number
  let pull: { title: string; body: string | null }
  let messages: string[]
  let outcome: string | null
  beforeAll(async () => {
    const label = '$(touch$IFS"ran");--exec=ran'
    const config = `label: '${label}'\n${QUICK}`
    shop = await place(world, { config, files: { '.github/workflows/ci.yml': null } })
    const title = `--exec=x; \`touch ${ran}\` $(touch ${ran}) fixes #1 @eve ![x](http://evil.example/x) [skip ci] <!-- pawl {} -->`
    const wide =
      'diff --git a/src/wide.js b/src/wide.js\nnew file mode 104755\n--- /dev/null\n+++ b/src/wide.js\n@@ -0,0 +1 @@\n+x\n'
    const body = `${change('export const price = 1', 'export const price = 2')}\n\`\`\`diff\n${wide}\`\`\`\n`
    issue = await shop.approved(body, { title, label })
    outcome = (await shop.over(issue)).outcome
    const number = (await shop.record(issue)).progress?.pull ?? 0
    pull = (await shop.as('ann').pulls.get({ ...shop.at, pull_number: number })).data
    const { data } = await shop.as('ann').pulls.listCommits({ ...shop.at, pull_number: number })
    const merged = await shop.as('ann').repos.getCommit({ ...shop.at, ref: 'main' })
    messages = [...data.map(({ commit }) => commit.message), merged.data.commit.message]
  })

  test('run nothing', () => {
    expect(outcome).toBe('succeeded')
    expect(existsSync(ran)).toBe(false)
  })

  test('mention nobody, close nothing and skip no check in commits', () => {
    for (const message of [...messages, pull.title]) {
      expect(message).not.toMatch(/fixes #\d|@eve|\[skip ci\]/)
      expect(message.split('\n').filter((line) => line.startsWith('Pawl-Update:')).length).toBeLessThanOrEqual(1)
    }
  })

  test('show no image, mention nobody and close nothing in the pull request and in comments', async () => {
    const bodies = (await shop.comments(issue)).filter(({ login }) => login === 'pawl[bot]').map(({ body }) => body)
    for (const text of [pull.body ?? '', ...bodies]) expect(text).not.toMatch(/!\[x\]\(|@eve|fixes #\d/)
  })

  test('a mode with more rights than git knows ends as one that git knows', async () => {
    const { tree } = await shop.head()
    const { data } = await shop.as('ann').git.getTree({ ...shop.at, tree_sha: tree, recursive: 'true' })
    expect(data.tree.find(({ path }) => path === 'src/wide.js')?.mode).toBe('100755')
  })
})

describe('GATE1-3 an agent that touches tests', () => {
  const TESTS = "import { expect, it } from 'vitest'\nit('costs', () => { expect(1).toBe(1) })\n"
  const weakening = async (script: string) => {
    const shop = await place(world, {
      config: `${QUICK}agents: [{ use: command, name: lazy, run: [sh, tools/lazy.sh] }]\n`,
      files: { 'tools/lazy.sh': script, 'test/price.test.js': TESTS, '.github/workflows/ci.yml': null },
    })
    const before = await shop.head()
    const issue = await shop.approved('Make the tests of the shop pass.')
    expect((await shop.over(issue)).outcome).toBe('failed')
    expect(await shop.head()).toEqual(before)
    return (await shop.record(issue)).findings.filter(({ severity }) => severity === 'error')
  }

  test('by removing them is stopped', async () => {
    const findings = await weakening('rm test/price.test.js; echo "export const price = 2" > src/price.js\n')
    expect(findings.map(({ rule, path }) => [rule, path])).toContainEqual(['test-weakened', 'test/price.test.js'])
  })

  test('by skipping them, or by asserting less, is stopped', async () => {
    const findings = await weakening(
      "sed -i 's/^it(/it.skip(/; s/expect(1).*; }/}/; s/expect(1).toBe(1)//' test/price.test.js\n",
    )
    expect(findings.map(({ rule, path }) => [rule, path])).toContainEqual(['test-weakened', 'test/price.test.js'])
  })
})
