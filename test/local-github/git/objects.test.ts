import { expect, test } from 'vitest'

import { createCommit, listCommits, readCommit } from '../../../src/local-github/git/commits.ts'
import { createTree } from '../../../src/local-github/git/new-tree.ts'
import { createBlob, createTag, readBlob, readObjectType, readTag } from '../../../src/local-github/git/objects.ts'
import { entryAt, listTree } from '../../../src/local-github/git/trees.ts'
import { ada, commitFiles, emptyRepository, git } from './fixture.ts'

const missing = '1'.repeat(40)

test('a blob keeps its bytes, whatever they are', async () => {
  const repository = await emptyRepository()
  const content = Buffer.from([0, 255, 10, 13, 10, 0, 128])
  const sha = await createBlob(repository, content)
  expect(await readBlob(repository, sha)).toEqual(content)
  expect(await readObjectType(repository, sha)).toBe('blob')
  expect(await readBlob(repository, missing)).toBeNull()
  expect(await readObjectType(repository, missing)).toBeNull()
})

test('a tree is laid over another: files put, replaced, removed, folders removed and taken over', async () => {
  const repository = await emptyRepository()
  const base = await commitFiles(repository, [], { 'a/b': '1', 'a/c': '2', 'd/e': '3', f: '4', 'a.txt': '5' })
  const folder = await commitFiles(repository, [], { x: 'x' })
  const folderTree = await git(repository, 'rev-parse', `${folder}^{tree}`)
  const made = await createTree(repository, base, [
    { path: 'a', mode: '100644', sha: null },
    { path: 'd', mode: '040000', sha: folderTree },
    { path: 'f', mode: '100755', content: 'new' },
    { path: 'g/h', mode: '100644', content: 'deep' },
  ])
  if (!made.ok) throw new Error(made.message)
  expect(await git(repository, 'ls-tree', '-r', '--format=%(objectmode) %(path)', made.sha)).toBe(
    ['100644 a.txt', '100644 d/x', '100755 f', '100644 g/h'].join('\n'),
  )
})

test('a tree that names what does not exist, or an impossible path, is refused', async () => {
  const repository = await emptyRepository()
  const blob = await createBlob(repository, Buffer.from('x'))
  const refusals = [
    [null, { path: 'a', mode: '100644', sha: missing }, 'missing-object'],
    [null, { path: 'a', mode: '040000', sha: blob }, 'missing-object'],
    [missing, { path: 'a', mode: '100644', sha: blob }, 'missing-object'],
    [null, { path: '../a', mode: '100644', sha: blob }, 'invalid-path'],
    [null, { path: '.git/config', mode: '100644', sha: blob }, 'invalid-path'],
    [null, { path: '/a', mode: '100644', sha: blob }, 'invalid-path'],
  ] as const
  for (const [base, entry, reason] of refusals) {
    expect(await createTree(repository, base, [entry])).toMatchObject({ ok: false, reason })
  }
})

test('a tree is listed with kinds and sizes, and an entry is found at its path', async () => {
  const repository = await emptyRepository()
  const commit = await commitFiles(repository, [], { 'src/ä b': '12345', '[x]*': '' })
  const list = await listTree(repository, commit, true)
  expect(list?.map(({ path, type, size }) => [path, type, size])).toEqual([
    ['[x]*', 'blob', 0],
    ['src', 'tree', null],
    ['src/ä b', 'blob', 5],
  ])
  expect((await listTree(repository, commit, false))?.map(({ path }) => path)).toEqual(['[x]*', 'src'])
  expect(await entryAt(repository, commit, 'src/ä b')).toMatchObject({ type: 'blob', size: 5 })
  expect(await entryAt(repository, commit, '/src/')).toMatchObject({ type: 'tree', path: 'src' })
  expect(await entryAt(repository, commit, '[x]*')).toMatchObject({ path: '[x]*' })
  expect(await entryAt(repository, commit, '')).toMatchObject({ type: 'tree' })
  for (const absent of ['none', 'src/none', '../x', '*']) expect(await entryAt(repository, commit, absent)).toBeNull()
  expect(await listTree(repository, missing, true)).toBeNull()
  expect(await entryAt(repository, missing, 'src')).toBeNull()
  expect(await entryAt(repository, missing, '')).toBeNull()
})

test('a commit keeps people, dates in UTC, parents and message, and nothing can break out of a name', async () => {
  const repository = await emptyRepository()
  const parent = await commitFiles(repository, [], { a: '1' })
  const tree = await git(repository, 'rev-parse', `${parent}^{tree}`)
  const author = { name: 'Eve <e@x>\nparent 1', email: 'a>b', date: '2026-05-06T07:08:09+02:00' }
  const sha = await createCommit(repository, {
    message: 'One\n\nTwo\n',
    tree,
    parents: [parent],
    author,
    committer: ada,
  })
  expect(await readCommit(repository, sha ?? '')).toEqual({
    sha,
    tree,
    parents: [parent],
    author: { name: 'Eve e@xparent 1', email: 'ab', date: '2026-05-06T05:08:09Z' },
    committer: ada,
    message: 'One\n\nTwo',
    verified: false,
  })
  await git(repository, 'fsck', '--strict')
  const bad = { message: 'x', author: ada, committer: ada }
  expect(await createCommit(repository, { ...bad, tree: missing, parents: [] })).toBeNull()
  expect(await createCommit(repository, { ...bad, tree, parents: [missing] })).toBeNull()
  expect(await createCommit(repository, { ...bad, tree: parent, parents: [] })).toBeNull()
  expect(await readCommit(repository, tree)).toBeNull()
  expect(await readCommit(repository, missing)).toBeNull()
})

test('a commit in another encoding is read as text', async () => {
  const repository = await emptyRepository()
  const parent = await commitFiles(repository, [], { a: '1' })
  const sha = await git(
    repository,
    '-c',
    'i18n.commitEncoding=ISO-8859-1',
    'commit-tree',
    '-m',
    'Grün',
    `${parent}^{tree}`,
  )
  const raw = await git(repository, 'cat-file', 'commit', sha)
  expect(raw).toContain('encoding ISO-8859-1')
  expect((await readCommit(repository, sha))?.message).toBe('GrÃ¼n')
})

test('commits are listed newest first, by path, by date and by page', async () => {
  const repository = await emptyRepository()
  const shas: string[] = []
  for (const [path, day] of [
    ['a', '01'],
    ['b', '02'],
    ['a', '03'],
  ] as const) {
    const tree = await createTree(repository, null, [{ path, mode: '100644', content: day }])
    if (!tree.ok) throw new Error(tree.message)
    const person = { ...ada, date: `2026-01-${day}T00:00:00Z` }
    const parents = shas.slice(-1)
    const texts = { message: path, author: person, committer: person }
    const made = await createCommit(repository, { ...texts, tree: tree.sha, parents })
    shas.push(made ?? '')
  }
  const from = shas[2] ?? ''
  const list = async (query: object) => {
    const commits = await listCommits(repository, { from, skip: 0, limit: 10, ...query })
    return commits.map(({ sha }) => shas.indexOf(sha))
  }
  expect(await list({})).toEqual([2, 1, 0])
  expect(await list({ skip: 1, limit: 1 })).toEqual([1])
  expect(await list({ path: 'b' })).toEqual([2, 1])
  expect(await list({ path: '*' })).toEqual([])
  expect(await list({ since: '2026-01-02T00:00:00Z' })).toEqual([2, 1])
  expect(await list({ until: '2026-01-02T00:00:00Z' })).toEqual([1, 0])
})

test('an annotated tag is made and read, also on something else than a commit', async () => {
  const repository = await emptyRepository()
  const commit = await commitFiles(repository, [], { a: '1' })
  const tag = { name: 'v1/x', message: 'First\n\nMore', tagger: ada, target: commit }
  const sha = await createTag(repository, tag)
  expect(await readTag(repository, sha ?? '')).toEqual({
    sha,
    name: 'v1/x',
    message: 'First\n\nMore',
    tagger: ada,
    target: { sha: commit, type: 'commit' },
  })
  const blob = await createBlob(repository, Buffer.from('x'))
  expect((await readTag(repository, (await createTag(repository, { ...tag, target: blob })) ?? ''))?.target.type).toBe(
    'blob',
  )
  expect(await createTag(repository, { ...tag, target: missing })).toBeNull()
  expect(await readTag(repository, commit)).toBeNull()
  await expect(createTag(repository, { ...tag, name: 'a b' })).rejects.toThrow(/no name for a tag/)
})

test('objects are seen whenever and however they came, by many readers at once', async () => {
  const repository = await emptyRepository()
  const first = await commitFiles(repository, [], { a: '1' })
  expect(await readCommit(repository, '1'.repeat(40))).toBeNull()
  const second = await commitFiles(repository, [first], { a: 'x'.repeat(200_000) })
  await git(repository, 'update-ref', 'refs/heads/main', second)
  await git(repository, 'repack', '-adq')
  const third = await commitFiles(repository, [second], { b: '2' })
  const read = Array.from({ length: 50 }, async (_, n) => {
    const commit = await readCommit(repository, [first, second, third][n % 3] ?? '')
    const entry = await entryAt(repository, commit?.sha ?? '', 'a')
    return (await readBlob(repository, entry?.sha ?? ''))?.length
  })
  expect(await Promise.all(read)).toEqual(Array.from({ length: 50 }, (_, n) => [1, 200_000, 200_000][n % 3]))
})
