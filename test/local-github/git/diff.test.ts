import { expect, test } from 'vitest'

import { compare, mergeBase } from '../../../src/local-github/git/compare.ts'
import { diffFiles, diffText } from '../../../src/local-github/git/diff.ts'
import { createTree } from '../../../src/local-github/git/new-tree.ts'
import { commitFiles, emptyRepository, git } from './fixture.ts'

const lines = (...texts: string[]) => `${texts.join('\n')}\n`

test('every kind of change has its status, counts and hunks', async () => {
  const repository = await emptyRepository()
  const long = lines(...Array.from({ length: 20 }, (_, n) => `line ${n}`))
  const base = await commitFiles(repository, [], { gone: 'a\n', kept: 'k\n', old: long, changed: 'x\ny\n', run: 'r\n' })
  const baseTree = await git(repository, 'rev-parse', `${base}^{tree}`)
  const head = await createTree(repository, baseTree, [
    { path: 'gone', mode: '100644', sha: null },
    { path: 'old', mode: '100644', sha: null },
    { path: 'dir/new name', mode: '100644', content: long.replace('line 3', 'line three') },
    { path: 'changed', mode: '100644', content: 'x\nz\n@@ not a hunk\n' },
    { path: 'added', mode: '100644', content: 'diff --git a/x b/x\n' },
    { path: 'empty', mode: '100644', content: '' },
    { path: 'run', mode: '100755', content: 'r\n' },
    { path: 'binary', mode: '100644', content: 'a\0b' },
    { path: 'ünï\t"cöde', mode: '100644', content: 'u' },
    { path: 'kept', mode: '120000', content: 'added' },
  ])
  if (!head.ok) throw new Error(head.message)
  const files = Object.fromEntries((await diffFiles(repository, base, head.sha)).map((file) => [file.filename, file]))
  expect(Object.keys(files).length).toBe(9)
  expect(files['gone']).toMatchObject({ status: 'removed', deletions: 1, patch: '@@ -1 +0,0 @@\n-a' })
  expect(files['dir/new name']).toMatchObject({
    status: 'renamed',
    previousFilename: 'old',
    additions: 1,
    deletions: 1,
  })
  expect(files['dir/new name']?.patch).toContain('+line three')
  expect(files['changed']).toMatchObject({ status: 'modified', additions: 2, deletions: 1, changes: 3 })
  expect(files['changed']?.patch).toBe('@@ -1,2 +1,3 @@\n x\n-y\n+z\n+@@ not a hunk')
  expect(files['added']).toMatchObject({ status: 'added', patch: '@@ -0,0 +1 @@\n+diff --git a/x b/x' })
  expect(files['empty']).toMatchObject({ status: 'added', changes: 0 })
  expect(files['empty']).not.toHaveProperty('patch')
  expect(files['run']).toMatchObject({ status: 'changed', modes: ['100644', '100755'], changes: 0 })
  expect(files['binary']).toMatchObject({ status: 'added', changes: 0 })
  expect(files['binary']).not.toHaveProperty('patch')
  expect(files['ünï\t"cöde']).toMatchObject({ status: 'added', additions: 1 })
  expect(files['kept']).toMatchObject({ status: 'changed', modes: ['100644', '120000'] })
})

test('the diff of two commits as text can be applied', async () => {
  const repository = await emptyRepository()
  const base = await commitFiles(repository, [], { a: '1\n' })
  const head = await commitFiles(repository, [base], { a: '2\n', b: 'new\n' })
  const text = await diffText(repository, base, head)
  expect(text).toMatch(/^diff --git a\/a b\/a\n/)
  expect(text).toContain('\n+++ b/b\n')
  expect((await diffFiles(repository, null, base)).map(({ filename }) => filename)).toEqual(['a'])
})

test('a comparison counts both sides and shows what head brings since the merge base', async () => {
  const repository = await emptyRepository()
  const root = await commitFiles(repository, [], { a: '1\n' })
  const ours = await commitFiles(repository, [root], { ours: 'o\n' })
  const first = await commitFiles(repository, [root], { b: '1\n' }, 'First')
  const second = await commitFiles(repository, [first], { b: '2\n' }, 'Second')
  const diverged = await compare(repository, ours, second)
  expect(diverged).toMatchObject({ status: 'diverged', aheadBy: 2, behindBy: 1, mergeBase: root })
  expect(diverged.commits.map(({ message }) => message)).toEqual(['First', 'Second'])
  expect(diverged.files.map(({ filename }) => filename)).toEqual(['b'])
  expect(await compare(repository, root, second)).toMatchObject({ status: 'ahead', aheadBy: 2, behindBy: 0 })
  expect(await compare(repository, second, root)).toMatchObject({ status: 'behind', commits: [], files: [] })
  expect(await compare(repository, root, root)).toMatchObject({ status: 'identical', aheadBy: 0 })
})

test('histories without a common commit have no merge base and no files', async () => {
  const repository = await emptyRepository()
  const one = await commitFiles(repository, [], { a: '1' }, 'One')
  const other = await commitFiles(repository, [], { b: '1' }, 'Other')
  expect(await mergeBase(repository, one, other)).toBeNull()
  expect(await compare(repository, one, other)).toMatchObject({ status: 'diverged', mergeBase: null, files: [] })
})
