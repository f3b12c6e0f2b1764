import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openGit } from '../../src/git/open.ts'
import { createMirrored, type Mirrored } from '../support/git-mirrored.ts'

let scene: Mirrored
beforeEach(() => {
  scene = createMirrored()
})
afterEach(() => scene.remove())

const refsOf = (path: string): string[] => {
  const { origin } = scene
  return origin.git('--git-dir', path, 'for-each-ref', '--format=%(refname)').split('\n')
}

describe('a mirror', () => {
  test('holds heads, refs of the app and its tags, and nothing else', async () => {
    const { origin, git } = scene
    const head = origin.commit({ 'a.txt': 'a\n' })
    for (const ref of ['refs/pawl/lock', 'refs/tags/pawl/x', 'refs/tags/v1', 'refs/pull/1/head']) {
      origin.git('update-ref', ref, head)
    }
    await git.fetch()
    expect(refsOf(git.path)).toEqual(['refs/heads/main', 'refs/pawl/lock', 'refs/tags/pawl/x'])
  })

  test('follows moved, forced and removed branches', async () => {
    const { origin, git } = scene
    const first = origin.commit({ 'a.txt': 'a\n' })
    origin.commit({ 'a.txt': 'b\n' }, 'gone')
    await git.fetch()
    const second = origin.commit({ 'a.txt': 'c\n' })
    origin.git('update-ref', '-d', 'refs/heads/gone')
    expect((await git.branch('main'))?.commit).toBe(first)
    await git.fetch()
    expect((await git.branch('main'))?.commit).toBe(second)
    expect(await git.branch('gone')).toBeNull()
    origin.git('update-ref', 'refs/heads/main', first)
    await git.fetch()
    expect((await git.branch('main'))?.commit).toBe(first)
  })

  test('fetches only the named refs, and forgets those that are gone', async () => {
    const { origin, git } = scene
    const first = origin.commit({ 'a.txt': 'a\n' })
    origin.git('update-ref', 'refs/pawl/one', first)
    origin.git('update-ref', 'refs/pawl/two', first)
    await git.fetch()
    const second = origin.commit({ 'a.txt': 'b\n' })
    origin.git('update-ref', 'refs/pawl/two', second)
    origin.git('update-ref', '-d', 'refs/pawl/one')
    await git.fetch(['refs/pawl/one', 'refs/pawl/two', 'refs/pawl/never'])
    expect(refsOf(git.path)).toEqual(['refs/heads/main', 'refs/pawl/two'])
    expect((await git.branch('main'))?.commit).toBe(first)
    expect(await git.point(second)).not.toBeNull()
  })

  test('is made on first use of anything, and serves an empty repository', async () => {
    const { git } = scene
    expect(await git.branch('main')).toBeNull()
    expect(existsSync(git.path)).toBe(true)
    await git.fetch()
    expect(await git.remote('refs/heads/main')).toBeNull()
  })

  test('is one for a name in any case, and none for what is no name', () => {
    const { root, git } = scene
    const rooms = openGit(root)
    const remote = { url: 'https://example.com/x/y.git', token: async () => '' }
    expect(rooms.repository('Acme/Shop', remote).path).toBe(git.path)
    for (const name of ['acme', '../shop', 'acme/..', 'acme/shop/x', 'acme/ shop', '-x/y']) {
      expect(() => rooms.repository(name, remote)).toThrow(`${JSON.stringify(name)} is not the name of a repository`)
    }
  })

  test('serialises ten fetches at once', async () => {
    const { origin, git } = scene
    const head = origin.commit({ 'a.txt': 'a\n' })
    await Promise.all(Array.from({ length: 10 }, () => git.fetch()))
    expect((await git.branch('main'))?.commit).toBe(head)
  })

  test('says which repository could not be fetched', async () => {
    const { root } = scene
    const git = openGit(root).repository('acme/none', { url: `file://${root}/none.git`, token: async () => '' })
    await expect(git.fetch()).rejects.toThrow(/^git fetch on acme\/none: fatal: /)
    expect(existsSync(git.path)).toBe(false)
  })
})

describe('after a kill', () => {
  test('stale locks of a dead process are no obstacle to the next one', async () => {
    const { origin, git, again } = scene
    origin.commit({ 'a.txt': 'a\n' })
    await git.fetch()
    for (const lock of [
      'packed-refs.lock',
      'refs/heads/main.lock',
      'HEAD.lock',
      'config.lock',
      'shallow.lock',
      'gc.pid',
    ]) {
      writeFileSync(join(git.path, lock), '')
    }
    mkdirSync(join(git.path, 'objects/pack'), { recursive: true })
    writeFileSync(join(git.path, 'objects/pack/tmp_pack_half'), 'PACK')
    const head = origin.commit({ 'a.txt': 'b\n' })
    const later = again()
    await later.fetch()
    expect((await later.branch('main'))?.commit).toBe(head)
    expect(readdirSync(git.path, { recursive: true }).filter((name) => /lock$|tmp_/.test(String(name)))).toEqual([])
  })

  test('a lock of a git killed while this process lives is no obstacle either', async () => {
    const { origin, git } = scene
    origin.commit({ 'a.txt': 'a\n' })
    await git.fetch()
    writeFileSync(join(git.path, 'refs/heads/main.lock'), '')
    const head = origin.commit({ 'a.txt': 'b\n' })
    await git.fetch()
    expect((await git.branch('main'))?.commit).toBe(head)
  })

  test.each<[string, (path: string) => void]>([
    ['a torn ref', (path) => truncateSync(join(path, 'refs/heads/main'), 0)],
    ['a ref to nothing', (path) => writeFileSync(join(path, 'refs/heads/main'), `${'1'.repeat(40)}\n`)],
    ['no HEAD', (path) => rmSync(join(path, 'HEAD'))],
    ['no objects', (path) => rmSync(join(path, 'objects'), { recursive: true })],
    ['an empty configuration', (path) => writeFileSync(join(path, 'config'), '[core')],
    ['nothing inside', (path) => readdirSync(path).forEach((name) => rmSync(join(path, name), { recursive: true }))],
  ])('a mirror with %s is made again', async (_what, damage) => {
    const { origin, git, again } = scene
    const head = origin.commit({ 'a.txt': 'a\n' })
    await git.fetch()
    damage(git.path)
    const later = again()
    expect((await later.branch('main'))?.commit).toBe(head)
    expect(await later.readText(head, 'a.txt')).toBe('a\n')
  })

  test('a mirror that breaks while in use fails once and is then made again', async () => {
    const { origin, git } = scene
    const head = origin.commit({ 'a.txt': 'a\n' })
    await git.fetch()
    rmSync(join(git.path, 'objects'), { recursive: true })
    rmSync(join(git.path, 'HEAD'))
    await expect(git.paths(head)).rejects.toThrow('not a git repository')
    expect(await git.paths(head)).toEqual(['a.txt'])
  })
})
