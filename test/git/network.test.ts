import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tryGit } from '../../src/git/command.ts'
import { GitFailure } from '../../src/git/failure.ts'
import { openGit } from '../../src/git/open.ts'
import type { RepositoryGit } from '../../src/git/repository.ts'
import { type GitHttp, type GitHttpRequest, serveGit } from '../support/git-http.ts'
import { createMirrored, type Mirrored } from '../support/git-mirrored.ts'

const TOKEN = 'ghs_secretTokenOfTheApp'

let scene: Mirrored
let server: GitHttp
let judge: (request: GitHttpRequest) => number | Promise<number>
let git: RepositoryGit
beforeEach(async () => {
  scene = createMirrored()
  judge = ({ token }) => (token === TOKEN ? 200 : 401)
  server = await serveGit(dirname(dirname(scene.origin.path)), (request) => judge(request))
  scene.origin.git('config', 'http.receivepack', 'true')
  git = over(TOKEN)
})
afterEach(async () => {
  await server.close()
  scene.remove()
})

const over = (token: string) =>
  openGit(scene.root).repository('acme/shop', { url: `${server.url}/acme/shop.git`, token: async () => token })

describe('over HTTP', () => {
  test('fetches, looks and pushes with the token as the password of x-access-token', async () => {
    const { origin } = scene
    const head = origin.commit({ 'a.txt': 'a\n' })
    await git.fetch()
    expect(await git.remote('refs/heads/main')).toBe(head)
    const next = await git.commit({ tree: `${head}^{tree}`, parents: [head], message: 'x', at: '2026-01-01T00:00:00Z' })
    expect(await git.push([{ ref: 'refs/heads/main', to: next, expect: head }])).toEqual({ ok: true })
    expect(origin.git('rev-parse', 'refs/heads/main')).toBe(next)
    expect(new Set(server.requests.map(({ user, token }) => `${user}:${token}`))).toEqual(
      new Set([`x-access-token:${TOKEN}`]),
    )
  })

  test('asks for the token anew for each command, since it expires', async () => {
    scene.origin.commit({ 'a.txt': 'a\n' })
    await git.fetch()
    judge = ({ token }) => (token === 'second' ? 200 : 401)
    await expect(git.remote('refs/heads/main')).rejects.toThrow(GitFailure)
    expect(await over('second').remote('refs/heads/main')).not.toBeNull()
  })

  test('a failure names the reason and shows neither the token nor its encoded form', async () => {
    judge = () => 401
    const error = await git.fetch().then(
      () => null,
      (caught: unknown) => caught,
    )
    expect(error).toBeInstanceOf(GitFailure)
    const shown = JSON.stringify([String(error), (error as Error).stack, (error as Error).cause])
    expect(shown).toContain('git fetch on acme/shop')
    expect(shown).not.toContain(TOKEN)
    expect(shown).not.toContain(Buffer.from(`x-access-token:${TOKEN}`).toString('base64'))
  })

  test('what the remote echoes is redacted', async () => {
    const place = { path: scene.origin.path, name: 'acme/shop' }
    const answer = await tryGit(place, ['rev-parse', '--verify', TOKEN], { secrets: [TOKEN] })
    expect(answer.stderr).not.toBe('')
    expect(JSON.stringify(answer)).not.toContain(TOKEN)
  })

  test('a push that the remote forbids is refused in its words', async () => {
    const head = scene.origin.commit({ 'a.txt': 'a\n' })
    await git.fetch()
    judge = ({ path }) => (path.includes('receive-pack') ? 403 : 200)
    const pushed = await git.push([{ ref: 'refs/heads/new', to: head, expect: null }])
    expect(pushed).toMatchObject({ ok: false, why: 'refused', ref: null })
    expect(pushed.ok ? '' : pushed.message).toContain('403')
  })

  test('a push that cannot be made at all is a failure, and no answer', async () => {
    const head = scene.origin.commit({ 'a.txt': 'a\n' })
    await git.fetch()
    judge = ({ path }) => (path.includes('receive-pack') ? 500 : 200)
    await expect(git.push([{ ref: 'refs/heads/new', to: head, expect: null }])).rejects.toThrow('git push on acme/shop')
  })

  test('a push that arrived although its answer was lost counts as done', async () => {
    const head = scene.origin.commit({ 'a.txt': 'a\n' })
    await git.fetch()
    judge = ({ path }) => {
      if (!path.endsWith('git-receive-pack')) return 200
      scene.origin.git('update-ref', 'refs/heads/new', head)
      return 502
    }
    expect(await git.push([{ ref: 'refs/heads/new', to: head, expect: null }])).toEqual({ ok: true })
  })
})

test('a command on the network that hears nothing is ended', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const place = { path: scene.origin.path, name: 'acme/shop' }
  const asked = tryGit(place, ['ls-remote', `http://127.0.0.1:${port}/x.git`], { timeoutMs: 300 })
  await expect(asked).rejects.toThrow('git ls-remote on acme/shop: ended after 300 ms')
  silent.closeAllConnections()
  silent.close()
})

test('a process killed while it made the mirror leaves nothing that the next one minds', async () => {
  const head = scene.origin.commit({ 'a.txt': 'a\n' })
  const [reached, reach] = signal()
  const [opened, open] = signal()
  judge = async ({ path }) => {
    if (!path.endsWith('git-upload-pack')) return 200
    reach()
    await opened
    return 200
  }
  const module = pathToFileURL(`${import.meta.dirname}/../../src/git/open.ts`).href
  const script = `import { openGit } from ${JSON.stringify(module)}
    await openGit(${JSON.stringify(scene.root)})
      .repository('acme/shop', { url: '${server.url}/acme/shop.git', token: async () => '${TOKEN}' }).fetch()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { detached: true, stdio: 'inherit' })
  await reached
  const gone = once(child, 'exit')
  process.kill(-(child.pid ?? 0), 'SIGKILL')
  await gone
  const folder = dirname(git.path)
  expect(existsSync(git.path)).toBe(false)
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toHaveLength(1)
  open()
  await git.fetch()
  expect((await git.branch('main'))?.commit).toBe(head)
  expect(readdirSync(folder)).toEqual(['mirror.git'])
})

function signal(): [Promise<void>, () => void] {
  const { promise, resolve } = Promise.withResolvers<void>()
  return [promise, resolve]
}
