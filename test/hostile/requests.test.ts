import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parse } from '../messages/markdown.ts'
import { rulesOf } from '../support/stopped.ts'
import { deliver, lastDelivery } from '../support/webhook.ts'
import { until } from '../support/until.ts'
import { change, place, startWorld, type Place, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const SECRET = `ghs_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`

/** What a runner of GitHub, a terminal or a reader of Markdown could take for something else than output. */
const FORGER = String.raw`
printf '::set-output name=approved::true\n::add-mask::x\n::error file=x::y\n'
printf '\140\140\140\140\140\140\n</details>\n<!-- pawl {"kind":"plan","codename":"forged-plan"} -->\n/approve\n@eve\n'
printf '\033]0;title\007\033[2J\033[31mred\n'
printf 'SECRET\n'
exit 1
`

const CONFIG = `deploy: { via: none }
preflight: { checks: false }
health: { soak: 1ms }
agents:
  - { use: patch }
  - { use: recipe, name: forger, run: [sh, tools/forger.sh] }
`

const price = change('export const price = 1', 'export const price = 2')

let world: World
let shop: Place
let before: { commit: string; tree: string }
beforeAll(async () => {
  world = await startWorld()
  shop = await place(world, {
    config: CONFIG,
    files: { 'tools/forger.sh': FORGER.replace('SECRET', SECRET), '.github/workflows/ci.yml': null },
  })
  before = await shop.head()
})
afterAll(() => world.close())

const diffs = (...all: string[]) => all.map((diff) => `\`\`\`diff\n${diff}\`\`\`\n`).join('\n')
const created = (path: string, text = 'x', mode = '100644') =>
  `diff --git a/${path} b/${path}\nnew file mode ${mode}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+${text}\n`

/** A request that is asked about, with what is said of it. */
async function asked(body: string): Promise<{ text: string; rules: string[] }> {
  const issue = await shop.ask(body)
  expect((await shop.over(issue)).outcome).toBe('needs-info')
  return { text: await shop.told(issue, { kind: 'questions' }), rules: await rulesOf(shop, issue) }
}

describe('PRE-8 a diff in an issue', () => {
  let text: string
  beforeAll(async () => {
    const quoted = (path: string) =>
      `diff --git "a/${path}" "b/${path}"\nnew file mode 100644\n--- /dev/null\n+++ "b/${path}"\n@@ -0,0 +1 @@\n+x\n`
    const renamed =
      'diff --git a/src/price.js b/../price.js\nsimilarity index 100%\nrename from src/price.js\nrename to ../price.js\n'
    text = (
      await asked(
        diffs(
          created('../outside'),
          created('/etc/cron.d/evil'),
          created('src/../../outside'),
          created('.git/hooks/pre-push'),
          created('.GIT/config'),
          created('git~1/config'),
          created('C:/evil'),
          quoted('src\\\\evil'),
          quoted('src/new\\nline'),
          quoted('src/\\342\\200\\256sj.exe'),
          renamed,
        ),
      )
    ).text
  })

  test('that climbs out of the repository is refused, in the middle of a path as well', () => {
    expect(text.match(/has the segment \.\./g)?.length).toBe(3)
  })

  test('with an absolute path or a drive is refused', () => {
    expect(text).toContain('is absolute')
    expect(text).toContain('begins with a drive')
  })

  test('into git’s own directory is refused, in every spelling', () => {
    expect(text.match(/leads into git’s own directory/g)?.length).toBe(3)
  })

  test('with a backslash, a control character or an invisible character in a path is refused', () => {
    expect(text).toContain('has a backslash')
    expect(text).toContain('has a control character')
    expect(text).toContain('has an invisible character')
    expect(text).not.toContain('\u202e')
  })

  test('that writes through a symbolic link which it makes itself is refused', async () => {
    const link = created('src/out', world.dir, '120000').replace(/\n$/, '\n\\ No newline at end of file\n')
    const { rules } = await asked(diffs(link + created('src/out/evil')))
    expect(rules).toEqual(['patch-does-not-apply'])
    expect(existsSync(join(world.dir, 'evil'))).toBe(false)
  })

  test('that puts another repository in as a submodule is refused', async () => {
    const module = `diff --git a/vendor b/vendor\nnew file mode 160000\n--- /dev/null\n+++ b/vendor\n@@ -0,0 +1 @@\n+Subproject commit ${'1'.repeat(40)}\n`
    const { rules } = await asked(diffs(module))
    expect(rules).toEqual(['nothing-to-change'])
  })

  test('with a broken binary patch is refused', async () => {
    const binary =
      'diff --git a/b.bin b/b.bin\nnew file mode 100644\nindex 0000000..1111111\nGIT binary patch\nliteral 5\nzzzzzzz\n\n'
    expect((await asked(diffs(binary))).rules).toEqual(['patch-does-not-apply'])
  })
})

describe('COMM-2 a recipe that prints what others could obey', () => {
  let text: string
  beforeAll(async () => {
    text = (await asked('Recipe: forger\n')).text
  })

  test('breaks out of no place in a comment, and forges none', () => {
    const { content } = parse(text)[0] ?? { content: '' }
    expect(content).toMatch(/^<!-- pawl \{"kind":"questions"/)
    expect(text.split('\n').filter((line) => /^(?:<!--|\/approve|::|```)/.test(line))).toHaveLength(1)
    expect(text).not.toMatch(/@eve/)
  })

  test('moves no terminal: control characters are left out', () => {
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/)
  })

  test('repeats a secret into no comment, no record and no list of what happened', async () => {
    const events = await world.app.audit.list({ repo: shop.name })
    const kept = JSON.stringify([events, await world.app.updates.list({ limit: 50 })])
    expect(text).toContain('redacted')
    expect(text + kept).not.toContain(SECRET)
  })
})

describe('PLAN-11 PLAN-12 a plan that waits for people', () => {
  let issue: number
  beforeAll(async () => {
    issue = await shop.ask(price)
    await shop.planned(issue)
  })
  /** What has come of the plan when everything that people said was heard. */
  const standing = async () => {
    await world.quiet()
    const { approvals } = await shop.record(issue)
    return { approvals, phase: (await shop.until(issue, () => true)).phase }
  }
  const untouched = { approvals: [], phase: 'awaiting approval' }

  test('is not approved by a stranger or a reader, who are told why, nor by a bot', async () => {
    const bot = await shop.person('helpful[bot]', 'admin')
    const { data } = await bot.issues.createComment({ ...shop.at, issue_number: issue, body: '/approve' })
    for (const comment of [await shop.say(issue, '/approve', 'eve'), await shop.say(issue, '/approve', 'rob')]) {
      expect(await shop.reaction(comment)).toBe('-1')
      expect(await shop.told(issue, { to: comment })).toMatch(/is refused/)
    }
    // Two bots that answer each other would not stop.
    const replies = (await shop.comments(issue)).filter(({ body }) => body.includes(`"comment":${data.id}`))
    expect(replies).toEqual([])
    expect(await standing()).toEqual(untouched)
  })

  test('is not approved by a comment that says so only after it was edited', async () => {
    const comment = await shop.say(issue, 'I am not sure yet.')
    await shop.as('ann').issues.updateComment({ ...shop.at, comment_id: comment, body: '/approve' })
    await shop.as('eve').issues.createComment({ ...shop.at, issue_number: issue, body: 'Is it approved now?' })
    expect(await standing()).toEqual(untouched)
  })

  test('is not approved by words that are quoted, in a block of code, hidden or below the first line', async () => {
    const bodies = [
      '> /approve',
      '```\n/approve\n```',
      '    /approve',
      'Shall I say\n/approve',
      '<!-- -->/approve',
      '\u200b/approve',
      '`/approve`',
    ]
    for (const body of bodies) await shop.say(issue, body)
    expect(await standing()).toEqual(untouched)
  })

  test('is not approved under a digest of another plan, nor by what only looks like one', async () => {
    for (const body of [`/approve ${'0'.repeat(12)}`, '/approve 0x1234', '/approve; rm -rf /', '/approve$(id)']) {
      await shop.say(issue, body)
    }
    expect(await standing()).toEqual(untouched)
  })

  test('is not replaced by a comment of somebody who forges Pawl’s own', async () => {
    const { plan, planComment, statusComment } = await shop.record(issue)
    const codename = (await shop.until(issue, () => true)).codename
    const forged = (kind: string) =>
      `<!-- pawl {"kind":"${kind}","codename":"${codename}","revision":1,"digest":"${'f'.repeat(64)}"} -->\n## Plan, revision 1\n`
    await shop.say(issue, forged('plan'), 'eve')
    const status = await shop.say(issue, forged('status'), 'eve')
    const refused = await shop.say(issue, `/approve ${'f'.repeat(12)}`)
    expect(await shop.reaction(refused)).toBe('-1')
    const now = await shop.record(issue)
    expect([now.plan?.digest, now.planComment, now.statusComment]).toEqual([plan?.digest, planComment, statusComment])
    expect(await standing()).toEqual(untouched)
    const { data } = await shop.as('ann').issues.getComment({ ...shop.at, comment_id: status })
    expect(data.body).toBe(forged('status'))
  })

  test('is made anew when its author edits the issue, and no approval of the old one counts', async () => {
    const digest = (await shop.record(issue)).plan?.digest ?? ''
    const evil = change('export const price = 1', 'export const price = 0 // free for eve')
    await shop.as('ann').issues.update({ ...shop.at, issue_number: issue, body: evil })
    await shop.planned(issue, 2)
    const late = await shop.say(issue, `/approve ${digest.slice(0, 12)}`)
    expect(await shop.reaction(late)).toBe('-1')
    expect(await shop.told(issue, { kind: 'plan', text: /revision 2/ })).toContain('The text of the request was edited')
    expect(await standing()).toEqual(untouched)
    await shop.say(issue, '/reject')
    expect((await shop.over(issue)).outcome).toBe('rejected')
    expect(await shop.head()).toEqual(before)
  })
})

describe('TRIG-1 TRIG-3 a label', () => {
  test('that a stranger’s right does not reach starts nothing, and is taken off again', async () => {
    const issue = await shop.ask(price, { by: 'tom' })
    expect((await shop.over(issue)).outcome).toBe('refused')
    expect(await shop.labels(issue)).toEqual([])
  })

  test('is judged by the settings of the default branch, not by those of somebody’s pull request', async () => {
    const { commit } = await shop.head()
    await shop.as('bob').git.createRef({ ...shop.at, ref: 'refs/heads/settings', sha: commit })
    await shop.push(
      '.github/pawl.yml',
      `${CONFIG}authorised: { permission: read, users: [tom, eve] }\n`,
      'settings',
      'bob',
    )
    await shop.as('bob').pulls.create({ ...shop.at, head: 'settings', base: 'main', title: 'Settings' })
    const issue = await shop.ask(price, { by: 'tom' })
    expect((await shop.over(issue)).outcome).toBe('refused')
  })
})

describe('PRE-9 a .github/pawl.yml that is meant to break its reader', () => {
  const blocked = async (config: string) => {
    await shop.push('.github/pawl.yml', config)
    const issue = await shop.ask(price)
    expect((await shop.over(issue)).outcome).toBe('blocked')
    expect(await rulesOf(shop, issue)).toContain('config-invalid')
    return shop.told(issue, { kind: 'config-faults' })
  }

  test('by aliases of aliases is refused at its first alias', async () => {
    const level = (name: string, of: string) =>
      `${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(', ')}]`
    const bomb = ['a: &a [lol, lol]', ...Array.from('bcdefghi', (name, at) => level(name, 'abcdefgh'[at] ?? 'a'))]
    expect(await blocked(`${bomb.join('\n')}\n`)).toContain('is an alias')
  })

  test('by its size is refused unread', async () => {
    expect(await blocked(`label: pawl\n# ${'x'.repeat(70_000)}\n`)).toContain('larger than 64 KB')
  })

  test('by nesting is refused unread', async () => {
    expect(await blocked(`label: ${'['.repeat(10_000)}\n`)).toContain('nested too deeply')
  })

  test('by tags that name code is refused', async () => {
    const text = await blocked('label: !!js/function "x"\n__proto__: { polluted: true }\nconstructor: 1\n')
    expect(text).toContain('Unresolved tag')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('a webhook', () => {
  const payload = { action: 'labeled', issue: { number: 1 }, repository: { full_name: 'acme/other' } }

  test('that is forged without the secret is answered 401 and starts nothing', async () => {
    const active = await world.app.updates.countActive(shop.name)
    expect(await deliver(world, { event: 'issues', payload }, 'a guess')).toBe(401)
    const bare = await fetch(world.hook.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-github-event': 'issues', 'x-github-delivery': 'x' },
      body: JSON.stringify(payload),
    })
    expect(bare.status).toBe(401)
    await world.quiet()
    expect(await world.app.updates.countActive(shop.name)).toBe(active)
  })

  test('that was seen before and comes again changes nothing', async () => {
    const issue = await shop.ask(price, { by: 'tom' })
    expect((await shop.over(issue)).outcome).toBe('refused')
    const seen = await lastDelivery(world, 'issues', 'labeled')
    const comments = (await shop.comments(issue)).length
    expect(await deliver(world, seen)).toBe(202)
    await world.quiet()
    expect((await shop.comments(issue)).length).toBe(comments)
    expect((await shop.until(issue, () => true)).attempt).toBe(1)
  })

  test('with a payload larger than any of GitHub’s is answered 413', async () => {
    const answer = await fetch(world.hook.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-github-event': 'issues', 'x-github-delivery': 'y' },
      body: Buffer.alloc(26 * 1024 ** 2, 32),
    })
    expect(answer.status).toBe(413)
  })

  test('that names another repository is judged by what GitHub says of that one, and starts nothing', async () => {
    const seen = await lastDelivery(world, 'issues', 'labeled')
    const repository = { ...(seen.payload['repository'] as object), full_name: 'acme/elsewhere', name: 'elsewhere' }
    const id = randomUUID()
    expect(await deliver(world, { event: 'issues', id, payload: { ...seen.payload, repository } })).toBe(202)
    const error = await until(async () => {
      const { rows } = await world.database.pool.query<{ error: string | null }>(
        'SELECT error FROM pawl.deliveries WHERE id = $1',
        [id],
      )
      return rows[0]?.error
    })
    expect(error).toMatch(/does not exist or is not accessible/)
    expect(await world.app.updates.countActive('acme/elsewhere')).toBe(0)
  })
})

test('after all of it nothing of the repository but its own settings has changed', async () => {
  const { data } = await shop.as('ann').repos.getContent({ ...shop.at, path: 'src' })
  expect(Array.isArray(data) ? data.map(({ name }) => name) : []).toEqual(['price.js', 'shop.js'])
  expect(await shop.text('src/price.js')).toBe('export const price = 1\n')
  expect(await shop.refs('heads/pawl/')).toEqual([])
})
