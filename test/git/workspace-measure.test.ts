import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMirrored, type Mirrored } from '../support/git-mirrored.ts'

const LONG = Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join('')

let scene: Mirrored
let base: string
beforeAll(() => {
  scene = createMirrored()
  base = scene.origin.commit({
    'a.txt': 'one\ntwo\n',
    'long.txt': LONG,
    'src/b.ts': 'b\n',
    'zero.bin': Buffer.from([0, 1, 2]),
    link: { link: 'a.txt' },
    'kept.log': 'kept\n',
    'vendor/lib': { module: '1'.repeat(40) },
    '.gitignore': '*.log\ndist/\n',
    '.gitattributes': 'a.txt -diff text eol=lf\n',
  })
})
afterAll(() => scene.remove())

type Change = (dir: string, write: (path: string, text: string | Buffer) => void) => void
const measureAfter = (change: Change, options?: { include?: string[]; exclude?: string[] }) =>
  scene.git.workspace(base, async (workspace) => {
    change(workspace.dir, (path, text) => {
      mkdirSync(join(workspace.dir, path, '..'), { recursive: true })
      writeFileSync(join(workspace.dir, path), text)
    })
    return workspace.measure(options)
  })
const baseTree = async () => (await scene.git.point(base))?.tree

test('nothing changed is the tree it began with', async () => {
  expect(await measureAfter(() => {})).toEqual({ tree: await baseTree(), files: [], diff: '', beyond: null })
})

test('sees a change of the same size within the second in which the directory was filled, however late it looks', async () => {
  const second = () => Math.floor(Date.now() / 1_000)
  const files = await scene.git.workspace(base, async (workspace) => {
    const path = join(workspace.dir, 'src/b.ts')
    const filled = Math.floor(statSync(path).mtimeMs / 1_000)
    writeFileSync(path, 'c\n')
    // On a slow machine the second may be over by now; then it is an ordinary change.
    while (second() <= filled) await new Promise((resolve) => setTimeout(resolve, 20))
    return (await workspace.measure()).files
  })
  expect(files).toMatchObject([{ path: 'src/b.ts', kind: 'modify' }])
})

test('lists what was made, changed, removed and renamed, with lines, modes and sizes', async () => {
  const { tree, files, diff } = await measureAfter((dir, write) => {
    write('a.txt', 'one\r\n2\n')
    write('new/file ü.ts', 'n\n')
    write('zero.bin', Buffer.from([0, 9]))
    rmSync(join(dir, 'src/b.ts'))
    renameSync(join(dir, 'long.txt'), join(dir, 'moved.txt'))
    chmodSync(join(dir, 'kept.log'), 0o755)
  })
  const text = { binary: false, oldMode: '100644', newMode: '100644' }
  const blobs = Object.fromEntries(files.map(({ path, blob }) => [path, blob]))
  expect(blobs).toMatchObject({
    'new/file ü.ts': createHash('sha1').update('blob 2\0n\n').digest('hex'),
    'src/b.ts': undefined,
  })
  expect(files.map(({ blob: _blob, ...file }) => file)).toEqual([
    { ...text, path: 'a.txt', kind: 'modify', additions: 2, deletions: 2, size: 7 },
    { ...text, path: 'kept.log', kind: 'modify', additions: 0, deletions: 0, size: 5, newMode: '100755' },
    { ...text, path: 'moved.txt', from: 'long.txt', kind: 'modify', additions: 0, deletions: 0, size: LONG.length },
    { ...text, path: 'new/file ü.ts', kind: 'create', additions: 1, deletions: 0, size: 2, oldMode: null },
    { ...text, path: 'src/b.ts', kind: 'remove', additions: 0, deletions: 1, size: 0, newMode: null },
    { ...text, path: 'zero.bin', kind: 'modify', additions: 0, deletions: 0, size: 2, binary: true },
  ])
  expect(diff).toContain('-two\n')
  expect(diff).toContain('+one\r\n')
  expect(diff).toContain('+++ b/new/file ü.ts')
  expect(await scene.git.readText(tree, 'a.txt')).toBe('one\r\n2\n')
  expect(await scene.git.measure(base, tree)).toEqual({ files, diff, beyond: null })
})

test('ignored files stay out, unless named exactly; tracked ones are never ignored', async () => {
  const change: Change = (_dir, write) => {
    write('x.log', 'x')
    write('y.log', 'y')
    write('dist/z.js', 'z')
    write('kept.log', 'changed\n')
  }
  const without = await measureAfter(change)
  expect(without.files.map(({ path }) => path)).toEqual(['kept.log'])
  const named = await measureAfter(change, {
    include: ['x.log', 'dist/z.js', 'a.txt', 'none', '../../index', 'link/x'],
  })
  expect(named.files.map(({ path }) => path)).toEqual(['dist/z.js', 'kept.log', 'x.log'])
})

test('what changed under excluded globs is put back in the directory too', async () => {
  const measured = await scene.git.workspace(base, async (workspace) => {
    const { dir } = workspace
    writeFileSync(join(dir, 'src/b.ts'), 'changed\n')
    writeFileSync(join(dir, 'src/new.ts'), 'new\n')
    rmSync(join(dir, 'a.txt'))
    writeFileSync(join(dir, 'long.txt'), 'short\n')
    const { files } = await workspace.measure({ exclude: ['src/**', 'a.*'] })
    expect(readFileSync(join(dir, 'src/b.ts'), 'utf8')).toBe('b\n')
    expect(readFileSync(join(dir, 'a.txt'), 'utf8')).toBe('one\ntwo\n')
    expect(existsSync(join(dir, 'src/new.ts'))).toBe(false)
    return files
  })
  expect(measured.map(({ path }) => path)).toEqual(['long.txt'])
})

test('putting back goes through no symlink', async () => {
  const outside = join(scene.root, 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'b.ts'), 'outside\n')
  const { files } = await measureAfter(
    (dir) => {
      rmSync(join(dir, 'src'), { recursive: true })
      symlinkSync(outside, join(dir, 'src'))
    },
    { exclude: ['src/**'] },
  )
  expect(files).toEqual([])
  expect(readFileSync(join(outside, 'b.ts'), 'utf8')).toBe('outside\n')
})

test('measures twice from the same beginning', async () => {
  await scene.git.workspace(base, async (workspace) => {
    const { dir } = workspace
    writeFileSync(join(dir, 'new.ts'), 'new\n')
    const first = await workspace.measure()
    expect(await workspace.measure()).toEqual(first)
    rmSync(join(dir, 'new.ts'))
    expect((await workspace.measure()).tree).toBe(await baseTree())
  })
})

test('symlinks are listed with their mode and never followed', async () => {
  const { tree, files } = await measureAfter((dir) => {
    symlinkSync('/etc/passwd', join(dir, 'passwd'))
    rmSync(join(dir, 'src'), { recursive: true })
    symlinkSync('/etc', join(dir, 'src'))
    rmSync(join(dir, 'a.txt'))
    symlinkSync('long.txt', join(dir, 'a.txt'))
  })
  expect(files.map(({ path, kind, newMode }) => [path, kind, newMode])).toEqual([
    ['a.txt', 'modify', '120000'],
    ['passwd', 'create', '120000'],
    ['src', 'create', '120000'],
    ['src/b.ts', 'remove', null],
  ])
  expect(await scene.git.readText(tree, 'passwd')).toBe('/etc/passwd')
})

test('repositories inside and names of git are listed with mode 160000, and are not in the tree', async () => {
  const { tree, files } = await measureAfter((dir, write) => {
    for (const name of ['empty', 'full', 'src']) execFileSync('git', ['init', '--quiet', join(dir, name)])
    write('full/x.ts', 'x\n')
    const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.com']
    execFileSync('git', ['-C', join(dir, 'full'), ...identity, 'commit', '--quiet', '--allow-empty', '-m', 'x'])
    write('deep/.git', 'gitdir: /etc\n')
    write('deep/x.ts', 'x\n')
    write('.GIT/config', '[core]\n')
    write('.git/config', '[core]\n')
  })
  const hidden = files.filter(({ newMode }) => newMode === '160000')
  expect(hidden.map(({ path }) => path)).toEqual([
    '.GIT/config',
    '.git',
    'deep/.git',
    'empty/.git',
    'full/.git',
    'src/.git',
  ])
  expect((await scene.git.entries(tree)).filter(({ mode }) => mode === '160000')).toHaveLength(1)
})

test('an empty file named .git in the root, which a sandbox leaves, is nothing', async () => {
  const { files } = await measureAfter((_dir, write) => write('.git', ''))
  expect(files).toEqual([])
})

test('a submodule stays as it is, and can be removed', async () => {
  const { files } = await measureAfter((dir) => rmSync(join(dir, 'vendor'), { recursive: true }))
  expect(files).toMatchObject([{ path: 'vendor/lib', kind: 'remove', oldMode: '160000', newMode: null, size: 0 }])
})

test('files and directories may take each other’s place', async () => {
  const { tree } = await measureAfter((dir, write) => {
    rmSync(join(dir, 'a.txt'))
    write('a.txt/inside.ts', 'x\n')
    rmSync(join(dir, 'src'), { recursive: true })
    write('src', 'now a file\n')
  })
  expect(await scene.git.paths(tree)).toEqual(expect.arrayContaining(['a.txt/inside.ts', 'src']))
  expect(await scene.git.paths(tree)).not.toContain('src/b.ts')
})

test('an unusual name is a name', async () => {
  const names = ['-x', ':(glob)*', 'line\nbreak', '"quoted"', 'tab\t', '*']
  const { files, tree } = await measureAfter((_dir, write) => names.forEach((name) => write(name, `${name}\n`)))
  expect(files.map(({ path }) => path)).toEqual(names.toSorted())
  for (const name of names) expect(await scene.git.readText(tree, name)).toBe(`${name}\n`)
})

test('a change that nobody could judge is refused before it is read, by number and by size', async () => {
  const many = await measureAfter((_dir, write) => {
    for (let at = 0; at <= 20_000; at += 1) write(`many/${at}`, '')
  })
  expect(many).toEqual({
    tree: await baseTree(),
    files: [],
    diff: '',
    beyond: 'it changes 20001 files, and at most 20000 can be judged',
  })
  const large = await measureAfter((dir, write) => {
    // Files with holes: what git would read is not on the disk.
    for (const name of ['one', 'two']) {
      write(name, '')
      truncateSync(join(dir, name), 60 * 1024 ** 2)
    }
  })
  expect(large.beyond).toBe('it changes files of 120 MB together, and at most 100 MB can be judged')
})

test('a pipe in place of a file is a removed file, and elsewhere nothing', async () => {
  const { files } = await measureAfter((dir) => {
    rmSync(join(dir, 'src/b.ts'))
    execFileSync('sh', ['-c', 'mkfifo src/b.ts src/c.ts'], { cwd: dir })
  })
  expect(files.map(({ path, kind }) => [path, kind])).toEqual([['src/b.ts', 'remove']])
})
