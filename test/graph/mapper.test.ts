import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'

import { createMapper } from '../../src/graph/map.ts'
import type { Mapper } from '../../src/graph/map.ts'
import { createRepository } from './repositories.ts'
import type { TestRepository, Tree } from './repositories.ts'

const undo: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step()
})

function newMapper(cacheDir?: string): Mapper {
  const mapper = createMapper(cacheDir === undefined ? {} : { cacheDir })
  undo.push(() => mapper.close())
  return mapper
}

function newRepository(): TestRepository {
  const repository = createRepository()
  undo.push(() => repository.remove())
  return repository
}

const edges = (map: { dependencies: { from: string; to: string }[] }) =>
  map.dependencies.map(({ from, to }) => `${from} ${to}`)

describe('hostile sources', () => {
  test('a file that the parser dies of costs that file only', async () => {
    const repository = newRepository()
    const nested = `(require)('./b')\n${'('.repeat(50_000)}`
    const good = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`good${at}.js`, `if (x) require?.('./b') // ${at}`]),
    )
    const map = await newMapper().map(
      repository.path,
      repository.commit({ 'b.js': '', 'deep1.js': nested, 'deep2.ts': nested, 'm.js': `require('./deep1')`, ...good }),
    )
    expect(map.unresolved.map(({ from, kind }) => `${kind} ${from}`)).toEqual([
      'unparsed deep1.js',
      'unparsed deep2.ts',
    ])
    expect(edges(map)).toContain('m.js deep1.js')
    expect(edges(map).filter((edge) => edge.endsWith(' b.js'))).toHaveLength(40)
  })

  test('what is no JavaScript, too large or not UTF-8 is reported or read as far as it goes', async () => {
    const repository = newRepository()
    const map = await newMapper().map(
      repository.path,
      repository.commit({
        'image.js': Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0, 0]), Buffer.from('require(')]),
        'latin1.js': Buffer.concat([Buffer.from(`import './b' // `), Buffer.from([0xe9, 0xff]), Buffer.from('\nf()')]),
        'large.ts': Buffer.alloc(4_000_001, 32),
        'long.js': `require('./b');${'x=[1,2];'.repeat(100_000)}`,
        'b.js': '',
        'package.json': '{ not json',
        'tsconfig.json': '[]',
      }),
    )
    expect(edges(map)).toEqual(['latin1.js b.js', 'long.js b.js'])
    expect(map.unresolved.map(({ from, kind }) => `${kind} ${from}`)).toEqual([
      'unparsed image.js',
      'unparsed large.ts',
      'unparsed package.json',
      'unparsed tsconfig.json',
    ])
  })

  test('what names more than any real file or tree is cut off, and the map says so', async () => {
    const repository = newRepository()
    const imports = Array.from({ length: 12_000 }, (_, at) => `import './b${at}'`).join('\n')
    const map = await newMapper().map(repository.path, repository.commit({ 'a.js': imports, 'b11.js': '' }))
    expect(edges(map)).toEqual(['a.js b11.js'])
    expect(map.unresolved).toHaveLength(10_000)
    expect(map.unresolved.at(-1)).toMatchObject({ kind: 'unparsed', specifier: 'it names more than 10000 modules' })
  })

  test('a tree with more paths than memory holds is an error, and is not waited for', async () => {
    const repository = newRepository()
    const commit = repository.bomb()
    await expect(newMapper().map(repository.path, commit)).rejects.toThrow(/too many paths/)
  })

  test('a specifier cannot leave the repository, nor can a link or a script', async () => {
    const repository = newRepository()
    const map = await newMapper().map(
      repository.path,
      repository.commit({
        'a.js': `import '../../../etc/passwd'; import '/etc/passwd'; import 'p/../../../x'`,
        'p/package.json': JSON.stringify({ name: 'p', main: '../../x.js', scripts: { a: 'sh ../../etc/passwd' } }),
        'package.json': JSON.stringify({ workspaces: ['p'] }),
        link: { link: '/etc/passwd' },
      }),
    )
    expect(map.dependencies).toEqual([])
    expect(map.unresolved).toHaveLength(3)
  })
})

describe('commits and caches', () => {
  test('a later commit is read anew where it differs, and the map says all that changed', async () => {
    const repository = newRepository()
    const mapper = newMapper()
    const one = repository.commit({ 'a.js': `import './b'`, 'b.js': '', 'c.js': `import './a'` })
    const two = repository.commit({ 'a.js': `import './b'`, 'b.ts': '', 'c.js': `import './b'` })
    expect(edges(await mapper.map(repository.path, one))).toEqual(['a.js b.js', 'c.js a.js'])
    expect(edges(await mapper.map(repository.path, two))).toEqual(['a.js b.ts', 'c.js b.ts'])
    expect(edges(await mapper.map(repository.path, one))).toEqual(['a.js b.js', 'c.js a.js'])
    expect((await mapper.map(repository.path, 'main')).commit).toBe(two)
  })

  test('after any change a running mapper says what a new one says', async () => {
    const repository = newRepository()
    const running = newMapper()
    const base = {
      'package.json': JSON.stringify({ name: 'p', workspaces: ['packages/*'] }),
      'tsconfig.json': JSON.stringify({ compilerOptions: { paths: { '~/*': ['./one/*'] } } }),
      'packages/q/package.json': JSON.stringify({ name: 'q', main: 'one.js' }),
      'packages/q/one.js': '',
      'packages/q/two.js': '',
      'one/x.ts': `import '../a'`,
      'two/x.ts': `require('../a')`,
      'a.ts': `import '~/x'; import 'q'; import './gone'`,
      'a.test.ts': '',
    }
    const changes: Tree[] = [
      {},
      { 'two/x.ts': `f(require('../one/x'))` },
      { 'tsconfig.json': JSON.stringify({ compilerOptions: { paths: { '~/*': ['./two/*'] } } }) },
      { 'tsconfig.json': 'broken' },
      { 'packages/q/package.json': JSON.stringify({ name: 'q', main: 'two.js' }) },
      { 'package.json': '{}' },
      { 'gone.ts': '', 'a.ts': `import './gone'` },
      { 'a.test.ts': { link: 'a.ts' } },
      { 'a.ts': `(((`, 'one/x.ts': `require((` },
      {},
    ]
    const seen = new Set<string>()
    for (const change of changes) {
      const commit = repository.commit({ ...base, ...change })
      const map = await running.map(repository.path, commit)
      expect(map).toEqual(await newMapper().map(repository.path, commit))
      seen.add(JSON.stringify([map.dependencies, map.unresolved]))
    }
    expect(seen.size).toBe(changes.length - 1)
  })

  test('the same text at two places means what it means there', async () => {
    const repository = newRepository()
    const commit = repository.commit({ 'x/a.js': `import './b'`, 'x/b.js': '', 'y/a.js': `import './b'`, 'y/b.ts': '' })
    expect(edges(await newMapper().map(repository.path, commit))).toEqual(['x/a.js x/b.js', 'y/a.js y/b.ts'])
  })

  test('mappers may share a directory of compiled code, also at the same time', async () => {
    const cacheDir = join(mkdtempSync(join(tmpdir(), 'pawl-graph-cache-')), 'made')
    undo.push(() => rmSync(join(cacheDir, '..'), { recursive: true, force: true }))
    const repository = newRepository()
    const commit = repository.commit({
      'a.ts': `f(require?.('./b'))`,
      'b.ts': '',
      'bad.ts': `require?.${'(('.repeat(30_000)}`,
    })
    const maps = await Promise.all([1, 2, 3].map(() => newMapper(cacheDir).map(repository.path, commit)))
    maps.push(await newMapper(cacheDir).map(repository.path, commit))
    for (const map of maps) {
      expect(edges(map)).toEqual(['a.ts b.ts'])
      expect(map.unresolved).toHaveLength(1)
    }
  })

  test('an unknown commit or repository is an error that names it, an aborted call rejects', async () => {
    const repository = newRepository()
    const commit = repository.commit({ 'a.js': `f(require?.('./b'))` })
    const mapper = newMapper()
    await expect(mapper.map(repository.path, 'no-such-branch')).rejects.toThrow(/rev-parse.*no-such-branch/s)
    await expect(mapper.map('/nowhere', commit)).rejects.toThrow('/nowhere')
    await expect(mapper.map(repository.path, commit, AbortSignal.abort())).rejects.toThrow(/abort/i)
    await mapper.close()
    await expect(mapper.map(repository.path, commit)).rejects.toThrow('closed')
  })
})

test('PLAN-2 exported names are those of export statements, star re-exports and CommonJS', async () => {
  const repository = newRepository()
  const commit = repository.commit({
    'a.ts': `
      export const one = 1, { two, three: [four] } = f
      export default class Five {}
      export type Six = 1
      export interface Seven {}
      export enum Eight {}
      export namespace Nine {}
      export declare function ten(): void
      export { one as eleven, type Six as Twelve } from './b'
      export * from './c'
      export * as thirteen from './c'
    `,
    'b.js': `exports.a = 1; module.exports.b = 2; module.exports = { c, 'd-e': 3 }; other.f = 1`,
    'c.cjs': `module.exports = function () {}`,
    'd.cts': `export = x`,
    'e.vue': `<script>export default {}</script>`,
    'broken.ts': `export const x = (((`,
    'text.md': '',
  })
  const paths = ['a.ts', 'b.js', 'c.cjs', 'd.cts', 'e.vue', 'broken.ts', 'text.md', 'gone.ts']
  const found = await newMapper().exportsOf(repository.path, commit, paths)
  expect(Object.fromEntries(found)).toEqual({
    'a.ts': `* from './c',Eight,Nine,Seven,Six,Twelve,default,eleven,four,one,ten,thirteen,two`.split(','),
    'b.js': ['a', 'b', 'c', 'd-e'],
    'c.cjs': ['module.exports'],
    'd.cts': ['module.exports'],
    'e.vue': ['default'],
  })
})
