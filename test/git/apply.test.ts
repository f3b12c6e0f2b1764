import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Applied, Workspace } from '../../src/git/repository.ts'
import { createMirrored, type Mirrored } from '../support/git-mirrored.ts'

let scene: Mirrored
let base: string
beforeAll(() => {
  scene = createMirrored()
  base = scene.origin.commit({
    'a.txt': 'one\ntwo\nthree\nfour\n',
    'crlf.txt': 'one\r\ntwo\r\n',
    'b c.txt': 'b\n',
    link: { link: 'a.txt' },
    '.gitattributes': '*.txt whitespace=trailing-space text eol=lf\n',
  })
})
afterAll(() => scene.remove())

const applying = <T>(diff: string, look: (applied: Applied, workspace: Workspace) => T) =>
  scene.git.workspace(base, async (workspace) => look(await workspace.apply(diff), workspace))
const complaints = (diff: string) => applying(diff, (applied) => (applied.ok ? [] : applied.hunks))
const edit = (path: string, hunk: string) => `--- a/${path}\n+++ b/${path}\n${hunk}`
const create = (path: string, mode = '100644') =>
  `diff --git a/${path} b/${path}\nnew file mode ${mode}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+new\n`
const TWO = '@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n'

test('changes, makes, renames, removes and marks executable', async () => {
  const diff = [
    edit('a.txt', TWO),
    create('made/x.ts', '100755'),
    'diff --git a/b c.txt b/d.txt\nsimilarity index 100%\nrename from b c.txt\nrename to d.txt\n',
    'diff --git a/link b/link\ndeleted file mode 120000\n--- a/link\n+++ /dev/null\n@@ -1 +0,0 @@\n-a.txt\n\\ No newline at end of file\n',
  ].join('')
  await applying(diff, (applied, { dir }) => {
    expect(applied).toEqual({ ok: true })
    expect(readFileSync(join(dir, 'a.txt'), 'utf8')).toBe('one\n2\nthree\nfour\n')
    expect(statSync(join(dir, 'made/x.ts')).mode & 0o100).not.toBe(0)
    expect([existsSync(join(dir, 'd.txt')), existsSync(join(dir, 'b c.txt'))]).toEqual([true, false])
  })
})

test('keeps line endings as they are, and needs no line break at its own end', async () => {
  await applying(edit('crlf.txt', '@@ -1,2 +1,2 @@\n one\r\n-two\r\n+2\r'), (applied, { dir }) => {
    expect(applied).toEqual({ ok: true })
    expect(readFileSync(join(dir, 'crlf.txt'), 'utf8')).toBe('one\r\n2\r\n')
  })
  expect(await complaints(edit('crlf.txt', '@@ -1,2 +1,2 @@\n one\n-two\n+2\n'))).toMatchObject([{ path: 'crlf.txt' }])
})

test('says which hunk of which file failed, and changes nothing', async () => {
  const diff =
    edit('a.txt', `${TWO}@@ -4 +4 @@\n-five\n+5\n`) + edit('b c.txt', '@@ -1 +1 @@\n-b\n+c\n') + edit('no: file', TWO)
  await applying(diff, (applied, { dir }) => {
    expect(applied).toEqual({
      ok: false,
      hunks: [
        { path: 'a.txt', line: 4, message: 'patch does not apply' },
        { path: 'no: file', line: null, message: 'No such file or directory' },
      ],
    })
    expect(readFileSync(join(dir, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\nfour\n')
    expect(readFileSync(join(dir, 'b c.txt'), 'utf8')).toBe('b\n')
  })
})

test('has no fuzz: context that differs is a failure', async () => {
  expect(await complaints(edit('a.txt', '@@ -1,3 +1,3 @@\n ONE\n-two\n+2\n three\n'))).toEqual([
    { path: 'a.txt', line: 1, message: 'patch does not apply' },
  ])
})

test.each([
  ['a path that climbs', create('../x'), '../x'],
  ['a path into .git', create('.git/hooks/x'), '.git/hooks/x'],
  ['a path through a symlink', create('link/x'), 'link/x'],
  ['a symlink of its own', create('s', '120000').replace('+new', '+..') + create('s/x'), 's/x'],
  ['a file that is there', create('a.txt'), 'a.txt'],
])('refuses %s', async (_what, diff, path) => {
  await applying(diff, (applied, { dir }) => {
    expect(applied.ok ? null : applied.hunks[0]?.path).toBe(path)
    expect(existsSync(join(dir, '../x'))).toBe(false)
  })
})

test('of every path the first part is taken away, which leaves an absolute one inside', async () => {
  await applying('--- /dev/null\n+++ /etc/pawl\n@@ -0,0 +1 @@\n+x\n', (applied, { dir }) => {
    expect(applied).toEqual({ ok: true })
    expect([existsSync('/etc/pawl'), existsSync(join(dir, 'etc/pawl'))]).toEqual([false, true])
  })
})

test('a fault of the patch itself is named with its line', async () => {
  expect(await complaints(edit('a.txt', '@@ -1,3 +1,3 @@\n one\n-two\n'))).toEqual([
    { path: '', line: 6, message: 'corrupt patch at line 6' },
  ])
  for (const diff of ['', 'words only', '\n\n']) {
    expect(await complaints(diff)).toMatchObject([
      { path: '', line: null, message: expect.stringContaining('No valid') },
    ])
  }
})
