import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMirrored, type Mirrored } from '../support/git-mirrored.ts'

let scene: Mirrored
let head: string
beforeAll(() => {
  scene = createMirrored()
  head = scene.origin.commit({
    'a.txt': 'a\r\n',
    'bom.txt': '\uFEFFx\n',
    'latin.txt': Buffer.from([0x68, 0xe9, 0x0a]),
    'zero.bin': Buffer.from([1, 0, 2]),
    empty: '',
    'bin/run': { run: '#!/bin/sh\n' },
    link: { link: '../../etc/passwd' },
    'vendor/lib': { module: '1'.repeat(40) },
    'ä ö.txt': 'umlaut\n',
    'line\nbreak': 'odd\n',
    '.gitattributes': '*.txt text eol=lf ident filter=lfs\n',
  })
})
afterAll(() => scene.remove())

test('reads text exactly, and null for what is absent, binary or no UTF-8', async () => {
  const { git } = scene
  const texts = ['a.txt', 'bom.txt', 'empty', 'ä ö.txt', 'line\nbreak'].map((path) => git.readText(head, path))
  expect(await Promise.all(texts)).toEqual(['a\r\n', '\uFEFFx\n', '', 'umlaut\n', 'odd\n'])
  const nothing = ['none', 'latin.txt', 'zero.bin', 'bin', 'vendor/lib', '', './a.txt', '/a.txt', 'no\nline', 'a.txt/x']
  for (const path of nothing) expect([path, await git.readText(head, path)]).toEqual([path, null])
})

test('reads bytes, and of a symlink its target', async () => {
  const { git } = scene
  expect(await git.readBytes(head, 'zero.bin')).toEqual(Buffer.from([1, 0, 2]))
  expect(await git.readText(head, 'link')).toBe('../../etc/passwd')
})

test('reads large files and many at once', async () => {
  const { origin, git } = scene
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`f${at}`, `${at}\n`.repeat(1 + at * 4_000)]))
  const commit = origin.commit(files, 'large')
  const read = await Promise.all(Object.keys(files).map(async (path) => [path, await git.readText(commit, path)]))
  expect(Object.fromEntries(read)).toEqual(files)
})

test('lists paths and entries with modes and sizes', async () => {
  const { git } = scene
  const entries = await git.entries(head)
  expect(entries.map(({ path }) => path)).toEqual(await git.paths(head))
  const of = (path: string) => entries.find((entry) => entry.path === path)
  expect(of('a.txt')).toMatchObject({ mode: '100644', size: 3 })
  expect(of('bin/run')).toMatchObject({ mode: '100755', size: 10 })
  expect(of('link')).toMatchObject({ mode: '120000', size: 16 })
  expect(of('vendor/lib')).toEqual({ path: 'vendor/lib', mode: '160000', sha: '1'.repeat(40), size: 0 })
  expect(of('line\nbreak')).toMatchObject({ size: 4 })
})

test('fetches a commit that no ref names by its sha', async () => {
  const { origin, git } = scene
  await git.fetch()
  const hidden = origin.commit({ 'a.txt': 'hidden\n' }, 'hidden')
  origin.git('update-ref', '-d', 'refs/heads/hidden')
  expect(await git.readText(hidden, 'a.txt')).toBe('hidden\n')
  const tree = origin.git('rev-parse', `${hidden}^{tree}`)
  expect(await git.point(hidden)).toEqual({ commit: hidden, tree })
})

test('has no point for a commit that nobody has, and fails where one is read from', async () => {
  const { git } = scene
  const nowhere = '2'.repeat(40)
  expect(await git.point(nowhere)).toBeNull()
  expect(await git.point('main')).toBeNull()
  expect(await git.point(await git.blob('x'))).toBeNull()
  await expect(git.readText(nowhere, 'a.txt')).rejects.toThrow(`acme/shop has no commit or tree ${nowhere}`)
  await expect(git.paths('--output=x')).rejects.toThrow('has no commit or tree --output=x')
})

test('takes a name of a branch for a name only', async () => {
  const { git } = scene
  await git.fetch()
  expect((await git.branch('main'))?.commit).toBe(head)
  for (const name of ['main~0', 'main^{tree}', 'main:a.txt', 'main@{0}', '../heads/main', 'ma in', 'none', '']) {
    expect([name, await git.branch(name)]).toEqual([name, null])
  }
})

test('names at the remote are full', async () => {
  const { origin, git } = scene
  origin.git('update-ref', 'refs/pawl/refs/heads/odd', head)
  expect(await git.remote('refs/heads/main')).toBe(head)
  expect(await git.remote('refs/heads/odd')).toBeNull()
  expect(await git.remote('main')).toBeNull()
})

test('reads a blob by its sha', async () => {
  const { git } = scene
  expect(await git.readBlob(await git.blob('holder\n'))).toBe('holder\n')
  expect(await git.readBlob(await git.blob(''))).toBe('')
  expect(await git.readBlob(head)).toBeNull()
})
