import { expect, test } from 'vitest'

import { demo, withCode } from '../code-fixture.ts'
import { partOf, visitorOf, withPages } from './browsing.ts'

const WORKFLOW = `
name: CI
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: |
          printf '\\033[31mred\\033[0m <b>bold</b>\\n'
          echo "::warning file=src/a.ts,line=2::Look here"
`
const FILES = { '.github/workflows/ci.yml': WORKFLOW, 'src/a.ts': 'one\ntwo <2>\nthree\n', 'image.bin': 'a\0b' }

test('every page about code answers, keeps its ids apart, and its links lead somewhere', async () => {
  await withCode(FILES, async ({ github, octo, bot, person, commit, git }) => {
    const visitor = visitorOf(github.url)
    const ann = await person('ann', 'write')
    await octo.issues.create({ ...demo, title: 'Wanted' })
    await git('checkout', '-qb', 'feature/deep')
    const sha = await commit(
      { 'src/a.ts': 'one\ntwo\nthree\n', 'src/new file.ts': 'x\n' },
      'Mend two, see #1\n\nBy @ann',
    )
    await git('tag', 'v1')
    await git('push', '-q', 'origin', 'feature/deep', 'v1')
    await bot.pulls.create({ ...demo, title: 'Mend', head: 'feature/deep', base: 'main', body: 'Closes #1' })
    await ann.pulls.createReview({ ...demo, pull_number: 2, event: 'REQUEST_CHANGES', body: 'No **way**' })
    const output = { title: 'Round 1', summary: 'All **well**' }
    const check = await bot.checks.create({ ...demo, name: 'gate', head_sha: sha, status: 'in_progress', output })
    await octo.repos.createCommitStatus({ ...demo, sha, state: 'failure', context: 'legal', description: 'not yet' })
    await octo.repos.createRelease({ ...demo, tag_name: 'v1', name: 'First', body: 'Of #2' })
    const deployment = await bot.repos.createDeployment({
      ...demo,
      ref: 'v1',
      environment: 'shop',
      required_contexts: [],
    })
    if (deployment.status !== 201) throw new Error('nothing was deployed')
    const deployment_id = deployment.data.id
    for (const state of ['in_progress', 'success'] as const) {
      await bot.repos.createDeploymentStatus({
        ...demo,
        deployment_id,
        state,
        description: `now ${state}`,
        log_url: 'javascript:1',
      })
    }
    await github.idle()

    const home = '/octo/demo'
    const { data: checks } = await octo.checks.listForRef({ ...demo, ref: sha, check_name: 'test' })
    const job = new URL(checks.check_runs[0]?.details_url ?? '').pathname
    const expected: Record<string, string[]> = {
      '/': ['octo/demo', 'ann'],
      '/ann': ['octo/demo'],
      '/apps/gardener': ['contents: write'],
      [home]: ['feature/deep', 'Begin'],
      [`${home}/pulls`]: ['Mend'],
      [`${home}/pull/2`]: [
        'feature/deep',
        'changes requested',
        'gate',
        'legal',
        'not yet',
        '+two',
        '-two &lt;2&gt;',
        'unstable',
      ],
      [`${home}/issues/1`]: ['mentioned this in', 'Mend #2'],
      [`${home}/commit/${sha}`]: ['<a href="/octo/demo/issues/1"', '<a href="/ann">@ann</a>', 'src/new file.ts'],
      [`${home}/commits/feature/deep`]: ['Mend two', 'Begin'],
      [`${home}/compare/main...feature/deep`]: ['ahead', 'Mend two'],
      [`${home}/deployments`]: ['shop', 'now in_progress', 'now success'],
      [`${home}/actions`]: ['CI', 'on push'],
      [job]: ['Look here', 'red &lt;b&gt;bold&lt;/b&gt;'],
      [job.replace(/\/job\/.*/, '')]: ['test', 'Look here'],
      [`${home}/runs/${check.data.id}`]: ['Round 1', '<strong>well</strong>'],
      [`${home}/tags`]: ['v1', 'First'],
      [`${home}/releases/tag/v1`]: ['<a href="/octo/demo/pull/2"'],
      [`${home}/tree/feature/deep/src`]: ['new file.ts'],
      [`${home}/blob/feature/deep/src/new%20file.ts`]: ['<tr id="L1">'],
      [`${home}/blob/${sha}/src/a.ts`]: ['<tr id="L3">', 'three'],
      [`${home}/blob/main/image.bin`]: ['binary'],
    }
    const links = new Set<string>()
    for (const [path, texts] of Object.entries(expected)) {
      const { status, text } = await visitor.get(path)
      const oneLine = text.replace(/\s+/g, ' ')
      const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
      expect({
        path,
        status,
        missing: texts.filter((wanted) => !oneLine.includes(wanted)),
        twice: ids.filter((id, index) => ids.indexOf(id) !== index),
        scripted: text.includes('javascript:'),
      }).toEqual({ path, status: 200, missing: [], twice: [], scripted: false })
      for (const [, link = ''] of text.matchAll(/<a [^>]*href="(\/[^"#]*)/g)) links.add(link)
    }
    const dead: string[] = []
    for (const link of links) if ((await visitor.get(link)).status >= 400) dead.push(link)
    expect(dead).toEqual([])
    const elsewhere = {
      [`${home}/issues/2`]: `${home}/pull/2`,
      [`${home}/pull/1`]: `${home}/issues/1`,
      [`${home}/commit/v1`]: `${home}/commit/${sha}`,
    }
    for (const [path, to] of Object.entries(elsewhere)) {
      expect((await visitor.get(path)).headers.get('location')).toBe(to)
    }
    const raw = await visitor.get(`${home}/raw/main/src/a.ts`)
    expect([raw.text, raw.headers.get('content-type')]).toEqual([FILES['src/a.ts'], 'text/plain; charset=utf-8'])
    expect(raw.headers.get('content-security-policy')).toContain('sandbox')
    expect((await visitor.get(`${home}/pull/2.diff`)).text).toContain('diff --git a/src/a.ts b/src/a.ts')
  })
})

test('what does not exist is a page that says so, whatever the path', async () => {
  await withPages(async ({ visitor }) => {
    for (const path of [
      '/nobody',
      '/octo/none',
      '/octo/demo/issues/1',
      '/octo/demo/blob/main/a',
      '/octo/demo/commit/HEAD~1',
      '/%E0%A4',
      '/octo/demo/runs/1',
      '/octo/demo/wiki',
      '/_assets/../shell.ts',
      '/octo/demo/compare/a...b...c',
    ]) {
      const { status, text } = await visitor.get(path)
      expect([path, status]).toEqual([path, 404])
      expect(text).toContain('There is nothing here')
    }
  })
})

test('a page runs the scripts of its own answer only, and no site can frame it', async () => {
  await withPages(async ({ github, visitor }) => {
    const [one, other] = [await visitor.get('/octo/demo'), await visitor.get('/octo/demo')]
    const policy = one.headers.get('content-security-policy') ?? ''
    const nonce = /script-src 'nonce-([\w-]{22})'/.exec(policy)?.[1] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    const scripts = [...one.text.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)
    expect(scripts.length).toBeGreaterThan(0)
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`)
    expect(other.text).not.toContain(nonce)
    const frame = await visitor.get('/_diagram')
    expect(frame.headers.get('content-security-policy')).toMatch(/sandbox allow-scripts$/)
    const port = new URL(github.url).port
    const named = (host: string): Promise<number> => statusFor(port, host)
    expect(await Promise.all([named(`127.0.0.1:${port}`), named(`localhost:${port}`), named('evil.example')])).toEqual([
      200, 200, 421,
    ])
  })
})

test('a page is live while there is more to come, and its main part can be had alone', async () => {
  await withPages(async ({ visitor, person }) => {
    const octo = await person('octo')
    expect((await visitor.get('/octo/demo/issues')).text).not.toContain('data-live')
    await octo.issues.create({ ...demo, title: 'Wait' })
    const part = await visitor.get('/octo/demo/issues/1', { 'x-part': 'main' })
    expect(part.text).toMatch(/^<main id="main" data-parts data-live>[^]*<\/main>$/)
    expect(partOf((await visitor.get('/octo/demo/issues/1')).text, 'following')).toContain('follows')
  })
})

/** `fetch` sets the Host header itself. */
async function statusFor(port: string, host: string): Promise<number> {
  const { request } = await import('node:http')
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/', headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.on('error', reject)
    asked.end()
  })
}
