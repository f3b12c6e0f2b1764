import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, onTestFinished, test } from 'vitest'

import type { Push, RefChange, SmartHttpOptions } from '../../../src/local-github/git/contract.ts'
import { readRef } from '../../../src/local-github/git/refs.ts'
import { initRepository, repositoryPath } from '../../../src/local-github/git/repository.ts'
import { createSmartHttp } from '../../../src/local-github/git/smart-http.ts'
import { git, gitEnvironment, temporaryFolder } from './fixture.ts'

const run = promisify(execFile)

interface Host {
  url: string
  repository: string
  pushes: Push[]
  close: () => Promise<void>
}

/** A server with the repository ada/app; `writer` may push, `reader` only fetch, anything else is asked for credentials. */
async function host(options: Partial<SmartHttpOptions> = {}): Promise<Host> {
  const root = await temporaryFolder()
  const repository = repositoryPath(root, 'ada', 'app')
  await initRepository(repository, 'main')
  const pushes: Push[] = []
  const { handle, close } = await createSmartHttp({
    root,
    authorize: ({ repo, write, token }) => {
      if (repo !== 'app') return { status: 404, message: 'Repository not found.' }
      if (token !== 'writer' && token !== 'reader') return { status: 401 }
      return write && token === 'reader'
        ? { status: 403, message: 'Write access to repository not granted.' }
        : { status: 200, actor: token }
    },
    onPush: async (push) => void pushes.push(push),
    onFault: (message) => expect.fail(message),
    ...options,
  })
  const server = createServer((request, response) => {
    if (!handle(request, response)) response.writeHead(418).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    await close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, repository, pushes, close }
}

const remote = (url: string, user = 'x:writer') => `${url.replace('//', `//${user}@`)}/ada/app.git`

/** A clone with one commit on main, pushed. */
async function clone({ url }: { url: string }): Promise<string> {
  const folder = await temporaryFolder()
  await git(folder, 'clone', '-q', remote(url), 'app')
  const work = join(folder, 'app')
  await commit(work, 'one')
  await git(work, 'push', '-q', 'origin', 'HEAD:main')
  return work
}

async function commit(work: string, text: string, file = 'file'): Promise<string> {
  await writeFile(join(work, file), text)
  await git(work, 'add', '-A')
  await git(work, 'commit', '-qm', text)
  return git(work, 'rev-parse', 'HEAD')
}

/** What git says on its error channel when it fails; an empty text when it does not. */
async function refusal(cwd: string, ...args: string[]): Promise<string> {
  return run('git', args, { cwd, env: gitEnvironment }).then(
    () => '',
    (error: { stderr: string }) => error.stderr,
  )
}

const updates = (pushes: Push[]): RefChange[][] => pushes.map((push) => push.updates)

test('a push is told with the exact changes of refs once they have moved', async () => {
  const server = await host()
  const work = await clone(server)
  const first = await git(work, 'rev-parse', 'HEAD')
  const second = await commit(work, 'two')
  await git(work, 'tag', '-a', 'v1', '-m', 'v1')
  const tag = await git(work, 'rev-parse', 'v1')
  await git(work, 'push', '-q', 'origin', 'HEAD:main', 'HEAD:refs/heads/pawl/a', 'v1')
  await git(work, 'push', '-q', 'origin', ':pawl/a')
  const change = (name: string, before: string | null, after: string | null) => ({ name, before, after })
  expect(updates(server.pushes)).toEqual([
    [change('refs/heads/main', null, first)],
    [
      change('refs/heads/main', first, second),
      change('refs/heads/pawl/a', null, second),
      change('refs/tags/v1', null, tag),
    ],
    [change('refs/heads/pawl/a', second, null)],
  ])
  expect(server.pushes[0]).toMatchObject({ owner: 'ada', repo: 'app', actor: 'writer', token: 'writer' })
  expect((await readRef(server.repository, 'refs/heads/main'))?.sha).toBe(second)
})

test('what the server does about a push has been done when git returns', async () => {
  const done: string[] = []
  const server = await host({
    onPush: async ({ repository, updates: [update] }) => {
      await git(repository, 'update-ref', 'refs/pull/1/head', update?.after ?? '')
      done.push(update?.name ?? '')
    },
  })
  const work = await clone(server)
  expect(done).toEqual(['refs/heads/main'])
  expect(await git(work, 'ls-remote', 'origin', 'refs/pull/1/head')).toContain(await git(work, 'rev-parse', 'HEAD'))
})

test('the second protocol version is spoken, and a commit can be fetched by its sha', async () => {
  const server = await host()
  const work = await clone(server)
  const first = await git(work, 'rev-parse', 'HEAD')
  await commit(work, 'two')
  await git(work, 'push', '-q', 'origin', 'HEAD:main')
  const other = await temporaryFolder()
  await git(other, 'init', '-q')
  const { stderr } = await run('git', ['-c', 'protocol.version=2', 'fetch', '--depth=1', remote(server.url), first], {
    cwd: other,
    env: { ...gitEnvironment, GIT_TRACE_PACKET: '1' },
  })
  expect(stderr).toContain('< version 2')
  expect(await git(other, 'rev-list', 'FETCH_HEAD')).toBe(first)
})

test('who has no credentials is asked for them, who may not write is refused, what is hidden is not found', async () => {
  const server = await host()
  const work = await clone(server)
  await commit(work, 'two')
  expect(await refusal(work, 'push', `${server.url}/ada/app.git`, 'HEAD:main')).toContain('could not read Username')
  expect(await refusal(work, 'push', remote(server.url, 'x:wrong'), 'HEAD:main')).toContain('Authentication failed')
  const forbidden = await refusal(work, 'push', remote(server.url, 'x:reader'), 'HEAD:main')
  expect(forbidden).toContain('Write access to repository not granted.')
  expect(forbidden).toContain('403')
  expect(await refusal(work, 'ls-remote', `${server.url}/ada/none`)).toContain('not found')
  expect(await git(work, 'ls-remote', remote(server.url, 'x:reader'), 'main')).toContain('refs/heads/main')
  expect(server.pushes).toHaveLength(1)
})

test('a token may come as Bearer, and the address may lack .git', async () => {
  const { url } = await host()
  const answer = await fetch(`${url}/ada/app/info/refs?service=git-upload-pack`, {
    headers: { authorization: 'Bearer reader' },
  })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/x-git-upload-pack-advertisement')
  expect((await fetch(`${url}/ada/app/info/refs?service=git-upload-pack`)).headers.get('www-authenticate')).toMatch(
    /^Basic/,
  )
  expect((await fetch(`${url}/ada/app`)).status).toBe(418)
  expect((await fetch(`${url}/ada/app.git/HEAD`)).status).toBe(418)
  const dumb = await fetch(`${url}/ada/app.git/info/refs`, { headers: { authorization: 'Bearer reader' } })
  expect(dumb.status).toBe(403)
})

test('an atomic push moves all refs or none', async () => {
  const server = await host()
  const work = await clone(server)
  const first = await git(work, 'rev-parse', 'HEAD')
  const second = await commit(work, 'two')
  const lease = '--force-with-lease=refs/pawl/lock:'
  const all = ['HEAD:main', 'HEAD:refs/heads/pawl/a', 'HEAD:refs/pawl/lock', 'HEAD:refs/tags/pawl/s']
  // Somebody else takes the lock in between.
  await git(server.repository, 'update-ref', 'refs/pawl/lock', first)
  const refused = await refusal(work, 'push', '--atomic', lease, 'origin', ...all)
  expect(refused).toMatch(/rejected|stale info/)
  expect((await readRef(server.repository, 'refs/heads/main'))?.sha).toBe(first)
  expect(await readRef(server.repository, 'refs/tags/pawl/s')).toBeNull()
  expect(server.pushes).toHaveLength(1)
  await git(server.repository, 'update-ref', '-d', 'refs/pawl/lock')
  await git(work, 'push', '-q', '--atomic', lease, 'origin', ...all)
  expect(server.pushes[1]?.updates.map(({ name, after }) => [name, after])).toEqual(
    ['refs/heads/main', 'refs/heads/pawl/a', 'refs/pawl/lock', 'refs/tags/pawl/s'].map((name) => [name, second]),
  )
})

test('of clones that push the same new ref atomically at once, one wins', async () => {
  const server = await host()
  const works = await Promise.all(Array.from({ length: 6 }, async (_, n) => [n, await clone(await host())] as const))
  const pushed = works.map(async ([n, work]) => {
    await commit(work, `mine ${n}`)
    const refs = ['HEAD:refs/pawl/lock', `HEAD:refs/heads/pawl/${n}`]
    return refusal(work, 'push', '--atomic', '--force-with-lease=refs/pawl/lock:', remote(server.url), ...refs)
  })
  const refusals = (await Promise.all(pushed)).filter((message) => message !== '')
  expect(refusals).toHaveLength(5)
  expect((await git(server.repository, 'for-each-ref', 'refs/heads/pawl')).split('\n')).toHaveLength(1)
  expect(server.pushes).toHaveLength(1)
}, 60_000)

test('eight pushes at once each arrive once', async () => {
  const server = await host()
  const work = await clone(server)
  const names = Array.from({ length: 8 }, (_, n) => `refs/heads/side/${n}`)
  await Promise.all(names.map((name) => git(work, 'push', '-q', 'origin', `HEAD:${name}`)))
  const told = server.pushes.slice(1).flatMap((push) => push.updates.map(({ name }) => name))
  expect(told).toHaveLength(8)
  expect(new Set(told)).toEqual(new Set(names))
})

test('a large push in chunks arrives whole', async () => {
  const server = await host()
  const work = await clone(server)
  await writeFile(join(work, 'large'), randomBytes(5_000_000))
  await commit(work, 'large')
  await git(work, '-c', 'http.postBuffer=65536', 'push', '-q', 'origin', 'HEAD:main')
  expect(await git(server.repository, 'cat-file', '-s', 'main:large')).toBe('5000000')
})

test('the server is asked before a push, knows what is forced, and its refusal leaves everything as it was', async () => {
  const asked: (RefChange & { forced: boolean })[] = []
  const server = await host({
    beforePush: async ({ actor }, update) => {
      asked.push(update)
      if (update.name !== 'refs/heads/main' || update.before === null) return null
      return `Changes must be made through a pull request.\n${actor} may not "push" $(here).`
    },
  })
  const work = await clone(server)
  const first = await git(work, 'rev-parse', 'HEAD')
  const second = await commit(work, 'two')
  const refused = await refusal(work, 'push', 'origin', 'HEAD:main', 'HEAD:side')
  expect(refused).toContain('remote: Changes must be made through a pull request.')
  expect(refused).toContain('remote: writer may not "push" $(here).')
  expect(refused).toContain('[remote rejected] HEAD -> main (pre-receive hook declined)')
  expect(refused).toContain('[remote rejected] HEAD -> side (pre-receive hook declined)')
  expect((await readRef(server.repository, 'refs/heads/main'))?.sha).toBe(first)
  expect(server.pushes).toHaveLength(1)
  await git(work, 'push', '-q', 'origin', 'HEAD:side')
  await git(work, 'push', '-q', '--force', 'origin', `${first}:side`)
  expect(asked.slice(-3).map(({ name, before, after, forced }) => [name, before, after, forced])).toEqual([
    ['refs/heads/side', null, second, false],
    ['refs/heads/side', null, second, false],
    ['refs/heads/side', second, first, true],
  ])
})

test('a server that fails while it is asked refuses the push', async () => {
  const faults: string[] = []
  const server = await host({
    beforePush: () => Promise.reject(new Error('disk full')),
    onFault: (message) => faults.push(message),
  })
  const folder = await temporaryFolder()
  await git(folder, 'clone', '-q', remote(server.url), '.')
  await commit(folder, 'one')
  expect(await refusal(folder, 'push', 'origin', 'HEAD:main')).toContain('pre-receive hook declined')
  expect(faults.join()).toContain('disk full')
})

test("the server's own refs and its default branch are out of reach of pushes", async () => {
  const server = await host()
  const work = await clone(server)
  expect(await refusal(work, 'push', 'origin', 'HEAD:refs/pull/1/head')).toContain('hidden ref')
  expect(await refusal(work, 'push', 'origin', ':main')).toContain('refusing to delete the current branch')
})

test('a client that goes away in the middle of a push leaves nothing behind', async () => {
  const arrived = Promise.withResolvers<void>()
  const server = await host({
    authorize: ({ token }) => {
      if (token === 'leaving') arrived.resolve()
      return { status: 200, actor: 'writer' }
    },
  })
  const work = await clone(server)
  const first = await git(work, 'rev-parse', 'HEAD')
  const half = httpRequest(`${server.url}/ada/app.git/git-receive-pack`, {
    method: 'POST',
    headers: { authorization: 'Bearer leaving', 'content-type': 'application/x-git-receive-pack-request' },
  })
  half.on('error', () => {})
  const line = `${first} ${'0'.repeat(40)} refs/heads/side\0 report-status atomic`
  half.write(`${(line.length + 4).toString(16).padStart(4, '0')}${line}`)
  await arrived.promise
  half.destroy()
  await server.close()
  expect((await readRef(server.repository, 'refs/heads/main'))?.sha).toBe(first)
  expect(server.pushes).toHaveLength(1)
})
