import { expect, test } from 'vitest'
import { checkPath } from '../../src/planning/paths.ts'

test.each(['src/a.ts', '.github/workflows/ci.yml', 'a b/c', '.gitignore', 'späte.md', '...'])(
  'lets %s through',
  (path) => {
    expect(checkPath(path)).toEqual({ ok: true, path })
  },
)

test('takes a leading ./ off, so that a file has one name', () => {
  expect(checkPath('./src/a.ts')).toEqual({ ok: true, path: 'src/a.ts' })
})

test.each([
  ['', 'is empty'],
  ['/etc/passwd', 'is absolute'],
  ['C:/x', 'drive'],
  ['a\\b', 'backslash'],
  ['a\nb', 'control'],
  ['a\u202Eb', 'invisible'],
  ['src/', 'directory'],
  ['a//b', 'two /'],
  ['a/../b', 'segment ..'],
  ['./../b', 'segment ..'],
  ['a/ b', 'space'],
  ['.git/config', 'git’s own'],
  ['a/.GIT./hooks', 'git’s own'],
  ['GIT~1/x', 'git’s own'],
  ['x'.repeat(300), 'longer than 255'],
  ['x/'.repeat(600) + 'y', 'longer than 1024'],
])('refuses %j', (path, why) => {
  const checked = checkPath(path)
  expect(!checked.ok && checked.why).toContain(why)
})
