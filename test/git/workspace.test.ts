import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Workspace } from '../../src/git/repository.ts'
import { createMirrored, type Mirrored } from '../support/git-mirrored.ts'

const FILES = {
  'a.txt': 'a\r\n',
  'src/b.ts': 'b\n',
  'src/deep/c.ts': 'c\n',
  'run.sh': { run: '#!/bin/sh\n' },
  link: { link: 'a.txt' },
  'vendor/lib': { module: '1'.repeat(40) },
  '.gitignore': 'ignored/\n*.log\n',
  '.gitattributes': '*.txt text eol=crlf ident\n*.ts filter=evil\n',
}

let scene: Mirrored
let base: string
let other: string
beforeAll(() => {
  scene = createMirrored()
  base = scene.origin.commit(FILES)
  other = scene.origin.commit({ 'src/b.ts': 'other\n', 'src/deep/c.ts': null, 'new.txt': 'n\n' })
})
afterAll(() => scene.remove())

const list = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .toSorted()
const BASE = ['.gitattributes', '.gitignore', 'a.txt', 'link', 'run.sh', 'src/b.ts', 'src/deep/c.ts']
const look = async ({ dir }: Workspace) => list(dir)

test('holds the files of a commit byte by byte, and nothing of git', async () => {
  await scene.git.workspace(base, async ({ dir }) => {
    expect(list(dir)).toEqual(BASE)
    expect(readFileSync(join(dir, 'a.txt'), 'utf8')).toBe('a\r\n')
    expect(statSync(join(dir, 'run.sh')).mode & 0o111).not.toBe(0)
    expect(lstatSync(join(dir, 'link')).isSymbolicLink()).toBe(true)
    expect(readdirSync(join(dir, 'vendor/lib'))).toEqual([])
  })
})

test('is used again as if it were new, whatever the last user left', async () => {
  const { git } = scene
  const used = await git.workspace(base, async ({ dir }) => {
    writeFileSync(join(dir, 'a.txt'), 'changed')
    writeFileSync(join(dir, 'x.log'), '')
    mkdirSync(join(dir, 'ignored/deep'), { recursive: true })
    writeFileSync(join(dir, 'ignored/deep/x'), '')
    mkdirSync(join(dir, 'src/.git'))
    writeFileSync(join(dir, 'src/.git/config'), '')
    mkdirSync(join(dir, '.git'))
    writeFileSync(join(dir, 'vendor/lib/x'), '')
    rmSync(join(dir, 'link'))
    symlinkSync('/etc', join(dir, 'link'))
    rmSync(join(dir, 'run.sh'))
    mkdirSync(join(dir, 'run.sh'))
    writeFileSync(join(dir, 'run.sh/inside'), '')
    mkdirSync(join(dir, 'closed'))
    writeFileSync(join(dir, 'closed/x'), '')
    chmodSync(join(dir, 'closed'), 0o000)
    writeFileSync(Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0xff, 0xfe])]), '')
    return dir
  })
  await git.workspace(base, async ({ dir }) => {
    expect(dir).toBe(used)
    expect(list(dir)).toEqual(BASE)
    expect(readFileSync(join(dir, 'a.txt'), 'utf8')).toBe('a\r\n')
    expect(readdirSync(join(dir, 'vendor/lib'))).toEqual([])
    expect(existsSync(join(dir, '.git'))).toBe(false)
    expect(existsSync(join(dir, 'closed'))).toBe(false)
  })
})

test('takes a directory that was moved behind a symlink for what it is', async () => {
  const { git } = scene
  const outside = join(scene.root, 'outside')
  await git.workspace(base, async ({ dir }) => {
    renameSync(join(dir, 'src'), outside)
    symlinkSync(outside, join(dir, 'src'))
    const { files } = await git.workspace(base, async (workspace) => workspace.measure())
    expect(files).toEqual([])
  })
  await git.workspace(base, async ({ dir }) => {
    expect(lstatSync(join(dir, 'src')).isDirectory()).toBe(true)
    expect(list(dir)).toEqual(BASE)
  })
  expect(readdirSync(outside)).toEqual(['b.ts', 'deep'])
})

test('sees a change of the same size whose times were put back', async () => {
  const { git } = scene
  const measured = await git.workspace(base, async (workspace) => {
    const path = join(workspace.dir, 'src/b.ts')
    const { atime, mtime } = statSync(path)
    writeFileSync(path, 'B\n')
    utimesSync(path, atime, mtime)
    return workspace.measure()
  })
  expect(measured.files).toMatchObject([{ path: 'src/b.ts', kind: 'modify' }])
  await git.workspace(base, async ({ dir }) => expect(readFileSync(join(dir, 'src/b.ts'), 'utf8')).toBe('b\n'))
})

test('goes from commit to commit, and takes a tree as well', async () => {
  const { git } = scene
  const after = await git.workspace(other, look)
  expect(after).toEqual(['.gitattributes', '.gitignore', 'a.txt', 'link', 'new.txt', 'run.sh', 'src/b.ts'])
  const tree = (await git.point(base))?.tree ?? ''
  expect(await git.workspace(tree, look)).toEqual(BASE)
})

test('has one user at a time: another one gets another directory', async () => {
  const { git } = scene
  const [first, second] = await git.workspace(base, async (outer) =>
    git.workspace(other, async (inner) => {
      writeFileSync(join(inner.dir, 'a.txt'), 'inner')
      expect(readFileSync(join(outer.dir, 'a.txt'), 'utf8')).toBe('a\r\n')
      return [outer.dir, inner.dir]
    }),
  )
  expect(first).not.toBe(second)
})

test('is given back when its user fails, whose error comes through', async () => {
  const { git } = scene
  const failing = git.workspace(base, async ({ dir }) => {
    writeFileSync(join(dir, 'a.txt'), 'half')
    throw new TypeError('the agent broke')
  })
  await expect(failing).rejects.toThrow(new TypeError('the agent broke'))
  expect(await git.workspace(base, look)).toEqual(BASE)
})

test('a process that was killed leaves nothing that the next one minds', async () => {
  const { git, again } = scene
  const dir = await git.workspace(base, async (workspace) => workspace.dir)
  const index = join(dirname(dir), 'index')
  writeFileSync(`${index}.lock`, '')
  writeFileSync(`${index}.measured.lock`, '')
  writeFileSync(join(dir, 'src/b.ts'), 'half a fi')
  await again().workspace(base, async (workspace) => {
    expect(readFileSync(join(dir, 'src/b.ts'), 'utf8')).toBe('b\n')
    expect((await workspace.measure()).files).toEqual([])
  })
  writeFileSync(index, 'DIRC torn')
  expect(await again().workspace(base, look)).toEqual(BASE)
  rmSync(index)
  expect(await again().workspace(base, look)).toEqual(BASE)
  rmSync(dir, { recursive: true })
  expect(await again().workspace(base, look)).toEqual(BASE)
})

test('no configuration or filter of the repository or of this host runs', async () => {
  const { git, root } = scene
  const ran = join(root, 'ran')
  await git.workspace(base, async (workspace) => {
    const { dir } = workspace
    const nested = join(dir, 'vendor/lib')
    execFileSync('git', ['init', '--quiet', nested])
    for (const key of ['core.fsmonitor', 'filter.evil.clean', 'filter.evil.smudge', 'diff.external']) {
      execFileSync('git', ['-C', nested, 'config', key, `touch ${ran}`])
    }
    writeFileSync(join(nested, 'x.ts'), 'x\n')
    writeFileSync(join(dir, 'src/b.ts'), 'changed\n')
    const { files } = await workspace.measure()
    expect(files.map(({ path, newMode }) => [path, newMode])).toEqual([
      ['src/b.ts', '100644'],
      ['vendor/lib/.git', '160000'],
    ])
  })
  expect(existsSync(ran)).toBe(false)
})
