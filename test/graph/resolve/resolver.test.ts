import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { createMapper } from '../../../src/graph/map.ts'
import type { Mapper } from '../../../src/graph/map.ts'
import { createRepository } from '../repositories.ts'
import type { TestRepository, Tree } from '../repositories.ts'

let mapper: Mapper
const repositories: TestRepository[] = []

beforeAll(() => {
  mapper = createMapper()
})
afterAll(() => mapper.close())
afterEach(() => {
  for (const repository of repositories.splice(0)) repository.remove()
})

const json = (value: unknown) => JSON.stringify(value)

/** Where the imports of a file lead, in order of the target; `?specifier` is unresolved. */
async function targets(from: string, specifiers: string[], others: Tree): Promise<string[]> {
  const repository = createRepository()
  repositories.push(repository)
  const source = specifiers.map((specifier) => `import '${specifier}'`).join('\n')
  const map = await mapper.map(repository.path, repository.commit({ ...others, [from]: source }))
  return [
    ...map.dependencies.filter((edge) => edge.from === from && edge.kind === 'import').map((edge) => edge.to),
    ...map.unresolved.filter((each) => each.from === from).map((each) => `?${each.specifier}`),
  ]
}

describe('relative specifiers', () => {
  test('PLAN-3 extensions are added and directories mean their index', async () => {
    const found = await targets('src/a.ts', ['./b', './c.js', './d.mjs', './dir', './dir/', './e.vue', '.', '..'], {
      'src/b.tsx': '',
      'src/c.ts': '',
      'src/d.mts': '',
      'src/dir/index.ts': '',
      'src/e.vue': '',
      'src/index.ts': '',
      'index.js': '',
    })
    expect(found).toEqual([
      'index.js',
      'src/b.tsx',
      'src/c.ts',
      'src/d.mts',
      'src/dir/index.ts',
      'src/e.vue',
      'src/index.ts',
    ])
  })

  test('what is written is meant; else TypeScript prefers TypeScript, and declarations give way to what runs', async () => {
    const tree = { 'x.js': '', 'x.ts': '', 'y.js': '', 'y.d.ts': '' }
    expect(await targets('a.ts', ['./x', './y', './y.js'], tree)).toEqual(['x.ts', 'y.js'])
    expect(await targets('a.js', ['./x', './y', './y.js'], tree)).toEqual(['x.js', 'y.js'])
    expect(await targets('a.ts', ['./x.js'], tree)).toEqual(['x.js'])
  })

  test('a directory with a package.json means its main, a slash at the end means the directory', async () => {
    const tree = { 'p/package.json': json({ main: './lib/m.js' }), 'p/lib/m.ts': '', 'q.ts': '', 'q/index.ts': '' }
    expect(await targets('a.ts', ['./p', './q/'], tree)).toEqual(['p/lib/m.ts', 'q/index.ts'])
    expect(await targets('a.ts', ['./q'], tree)).toEqual(['q.ts'])
  })
})

describe('tsconfig', () => {
  test('PLAN-3 paths and baseUrl of the nearest tsconfig hold, inherited from what it extends', async () => {
    const found = await targets('packages/web/src/a.ts', ['~lib/x', '@/deep/y', 'plain/z', 'exact'], {
      'tsconfig.json': json({ compilerOptions: { paths: { '~lib/*': ['./wrong/*'] } } }),
      'tsconfig.base.json':
        '{ /* the base */ "compilerOptions": { "baseUrl": ".", "paths": { "~lib/*": ["lib/*"], "exact": ["lib/exact.ts"], "@/*": ["nowhere/*", "packages/web/src/*"], }, } }',
      'packages/web/tsconfig.json': json({ extends: '../../tsconfig.base' }),
      'lib/x.ts': '',
      'lib/exact.ts': '',
      'wrong/x.ts': '',
      'packages/web/src/deep/y.ts': '',
      'plain/z.ts': '',
    })
    expect(found).toEqual(['lib/exact.ts', 'lib/x.ts', 'packages/web/src/deep/y.ts', 'plain/z.ts'])
  })

  test('a solution file hands on to what it references and to its neighbours', async () => {
    const found = await targets('src/a.ts', ['@/x', '#y/y'], {
      'tsconfig.json': json({ files: [], references: [{ path: './tsconfig.app.json' }] }),
      'tsconfig.app.json': json({ compilerOptions: { paths: { '@/*': ['./src/*'] } } }),
      'tsconfig.test.json': json({ compilerOptions: { paths: { '#y/*': ['./other/*'] } } }),
      'src/x.ts': '',
      'other/y.ts': '',
    })
    expect(found).toEqual(['other/y.ts', 'src/x.ts'])
  })

  test('extends may name a package of the workspace, and a ring of extends ends', async () => {
    const found = await targets('apps/a/x.ts', ['$/y'], {
      'package.json': json({ workspaces: ['apps/*', 'config'] }),
      'config/package.json': json({ name: '@acme/tsconfig' }),
      'config/base.json': '{}',
      'config/tsconfig.base.json': json({ compilerOptions: { paths: { '$/*': ['${configDir}/../apps/a/lib/*'] } } }),
      'apps/a/tsconfig.json': json({ extends: ['./tsconfig.ring.json', '@acme/tsconfig/tsconfig.base.json'] }),
      'apps/a/tsconfig.ring.json': json({ extends: './tsconfig.json' }),
      'apps/a/lib/y.ts': '',
    })
    expect(found).toEqual(['apps/a/lib/y.ts'])
  })

  test('a paths pattern that leads nowhere leaves its specifier unresolved, unless it is a declared package', async () => {
    const found = await targets('a.ts', ['lib/gone', 'lib2/there'], {
      'package.json': json({ dependencies: { lib2: '1' } }),
      'tsconfig.json': json({ compilerOptions: { paths: { 'lib/*': ['./l/*'], 'lib2/*': ['./l/*'] } } }),
    })
    expect(found).toEqual(['?lib/gone'])
  })
})

describe('packages', () => {
  const core = {
    'packages/core/package.json': json({
      name: '@acme/core',
      exports: {
        '.': { types: './dist/index.d.ts', import: './dist/index.mjs' },
        './features/*': './dist/features/*.js',
        './internal': null,
        './package.json': './package.json',
      },
    }),
    'packages/core/src/index.ts': '',
    'packages/core/src/features/one.ts': '',
    'packages/core/src/internal.ts': '',
  }
  const specifiers = ['@acme/core', '@acme/core/features/one', '@acme/core/package.json', '@acme/core/gone']
  const expected = [
    'packages/core/package.json',
    'packages/core/src/features/one.ts',
    'packages/core/src/index.ts',
    '?@acme/core/gone',
  ]

  test.each<[string, Tree]>([
    ['npm', { 'package.json': json({ workspaces: ['packages/*', 'apps/*'] }) }],
    ['yarn', { 'package.json': json({ workspaces: { packages: ['./packages/*/', 'apps/**'] } }) }],
    ['pnpm', { 'pnpm-workspace.yaml': 'packages:\n  # all\n  - "packages/*"\n  - apps/* # too\ncatalog:\n  - no\n' }],
    ['lerna', { 'lerna.json': json({ packages: ['packages/*', 'apps/*'] }) }],
  ])('PLAN-3 workspaces of %s: a name leads through exports to the source of what is not built', async (_, root) => {
    expect(await targets('apps/web/a.ts', specifiers, { ...root, ...core })).toEqual(expected)
  })

  test('a package outside of every workspace is known by workspace:, file: and link: dependencies only', async () => {
    const app = (wanted: string) => ({
      ...core,
      'apps/web/package.json': json({ name: 'web', devDependencies: { '@acme/core': wanted } }),
    })
    for (const wanted of ['workspace:*', 'file:../../packages/core', 'link:../../packages/core']) {
      expect(await targets('apps/web/a.ts', specifiers, app(wanted))).toEqual(expected)
    }
    expect(await targets('apps/web/a.ts', specifiers, app('^1.0.0'))).toEqual([])
  })

  test('a package may import itself, and its #imports', async () => {
    const found = await targets('src/deep/a.ts', ['mine/x', '#lib/y', '#exact', '#built'], {
      'package.json': json({
        name: 'mine',
        exports: { './x': './src/x.ts' },
        imports: { '#lib/*': './src/lib/*.ts', '#exact': { default: './src/exact.js' }, '#built': './build/b.js' },
      }),
      'src/x.ts': '',
      'src/lib/y.ts': '',
      'src/exact.ts': '',
      'src/b.ts': '',
    })
    expect(found).toEqual(['src/b.ts', 'src/exact.ts', 'src/lib/y.ts', 'src/x.ts'])
  })

  test('a fixture that calls itself like a package from outside does not take its place', async () => {
    const found = await targets('a.ts', ['react'], {
      'package.json': json({ dependencies: { react: '19' } }),
      'test/fixtures/react/package.json': json({ name: 'react', main: 'index.js' }),
      'test/fixtures/react/index.js': '',
    })
    expect(found).toEqual([])
  })
})

test('PLAN-2 entry points are the sources of what main, bin and exports lead to', async () => {
  const repository = createRepository()
  repositories.push(repository)
  const map = await mapper.map(
    repository.path,
    repository.commit({
      'package.json': json({ main: 'dist/main.js', bin: { tool: './bin/tool.js' }, types: './dist/main.d.ts' }),
      'src/main.ts': '',
      'bin/tool.js': '',
      'src/other.ts': '',
      'packages/p/package.json': json({
        exports: { '.': './lib/p.js', './q': { require: './lib/q.cjs' }, './*': './*' },
      }),
      'packages/p/src/p.ts': '',
      'packages/p/lib/q.cjs': '',
    }),
  )
  expect(map.entryPoints).toEqual(['bin/tool.js', 'packages/p/lib/q.cjs', 'packages/p/src/p.ts', 'src/main.ts'])
})
