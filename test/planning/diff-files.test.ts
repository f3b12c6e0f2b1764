import { execFileSync } from 'node:child_process'
import { mkdtempSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepFiles, readDiff } from '../../src/planning/diff-files.ts'
import { diffOf } from './fixtures.ts'

let directory = ''
const git = (...args: string[]) => execFileSync('git', args, { cwd: directory, encoding: 'utf8' })

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'pawl-diff-'))
  git('init', '-q')
  mkdirSync(join(directory, 'src dir'))
  writeFileSync(join(directory, 'src dir/späte.ts'), 'a\nb\nc\nd\n')
  writeFileSync(join(directory, 'old.txt'), 'one\ntwo\nthree\nfour\nfive\n')
  writeFileSync(join(directory, 'gone.txt'), 'gone\n')
  writeFileSync(join(directory, 'run.sh'), 'echo\n')
  git('add', '-A')
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'x')
  writeFileSync(join(directory, 'src dir/späte.ts'), 'a\nB\nc\nd\ne\n')
  renameSync(join(directory, 'old.txt'), join(directory, 'new name.txt'))
  rmSync(join(directory, 'gone.txt'))
  writeFileSync(join(directory, 'fresh\ttab.bin'), new Uint8Array([0, 1, 2, 255]))
  execFileSync('chmod', ['+x', join(directory, 'run.sh')])
  writeFileSync(join(directory, 'no-newline'), 'end')
  git('add', '-A')
})
afterAll(() => rmSync(directory, { recursive: true }))

describe('reading a diff as git does', () => {
  test('names the files of a real diff with renames, quoted paths, modes and binary content', () => {
    rmSync(join(directory, 'fresh\ttab.bin'))
    writeFileSync(join(directory, 'fresh.bin'), new Uint8Array([0, 1, 2, 255]))
    git('add', '-A')
    const read = readDiff(git('diff', '--cached', '--binary', '-M'))
    if (!read.ok) throw new Error(read.message)
    const files = read.files.map(({ path, kind, from, additions, deletions, binary, newMode }) => {
      return [path, kind, from ?? null, additions, deletions, binary, newMode]
    })
    expect(files).toEqual([
      ['fresh.bin', 'create', null, 0, 0, true, '100644'],
      ['gone.txt', 'remove', null, 0, 1, false, null],
      ['new name.txt', 'modify', 'old.txt', 0, 0, false, null],
      ['no-newline', 'create', null, 1, 0, false, '100644'],
      ['run.sh', 'modify', null, 0, 0, false, '100755'],
      ['src dir/späte.ts', 'modify', null, 2, 1, false, null],
    ])
  })

  test('leaves a diff that git still applies when files are left out', () => {
    const diff = git('diff', '--cached', '--binary', '-M')
    const read = readDiff(diff)
    if (!read.ok) throw new Error(read.message)
    const kept = keepFiles(diff, read.files, ({ path }) => path.startsWith('src dir/'))
    git('reset', '-q', '--hard')
    const numbers = execFileSync('git', ['apply', '--numstat', '-'], { cwd: directory, input: kept, encoding: 'utf8' })
    expect(numbers).toBe('2\t1\t"src dir/sp\\303\\244te.ts"\n')
  })

  test.each([
    ['a path out of the repository', diffOf('../x')],
    ['an absolute path', '--- /etc/passwd\n+++ /etc/passwd\n@@ -1 +1 @@\n-a\n+b\n'],
    ['a path into git’s directory', diffOf('.GIT/config')],
    ['a binary file without content', 'diff --git a/x b/x\nBinary files a/x and b/x differ\n'],
    ['more lines than the hunk says', `${diffOf('x')}+c\n`],
    ['fewer lines than the hunk says', '--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n'],
    ['a hunk without a file', '@@ -1 +1 @@\n-a\n+b\n'],
    ['nothing', ''],
  ])('refuses %s and says where', (_, diff) => {
    const read = readDiff(diff)
    expect(read.ok).toBe(false)
    expect(!read.ok && read.line).toBeGreaterThan(0)
  })
})
