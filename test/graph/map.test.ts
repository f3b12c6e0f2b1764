import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { createMapper } from '../../src/graph/map.ts'
import type { DependencyMap, Mapper } from '../../src/graph/map.ts'
import { createRepository } from './repositories.ts'
import type { TestRepository, Tree } from './repositories.ts'

let mapper: Mapper
const repositories: TestRepository[] = []

beforeAll(() => {
  mapper = createMapper()
})
afterAll(() => mapper.close())
afterEach(() => {
  for (const repository of repositories.splice(0)) repository.remove()
})

async function mapOf(tree: Tree): Promise<DependencyMap> {
  const repository = createRepository()
  repositories.push(repository)
  return mapper.map(repository.path, repository.commit(tree))
}

/** `kind to` of what one file needs. */
function needs(map: DependencyMap, from: string): string[] {
  return map.dependencies.filter((edge) => edge.from === from).map((edge) => `${edge.kind} ${edge.to}`)
}

describe('what a source names', () => {
  test('PLAN-3 every way to name a module makes an edge that says which it is', async () => {
    const map = await mapOf({
      'src/a.ts': `
        import x from './imported'
        import type { T } from './typed'
        import { type U, type V } from './inline-typed'
        import './side-effect'
        export { y } from './exported'
        export * from './all'
        export type { W } from './exported-type'
        const z = require('./required')
        const template = require(\`./template\`)
        await import('./dynamic')
        let t: import('./in-a-type').T
        new Worker(new URL('worker.ts', import.meta.url))
        require.resolve('./asset')
        import data from './data.json'
        import logo from './logo.svg?url'
        declare module './augmented' { interface X { inner: import('./inner').I } }
        class A extends require('./parent') { method(...rest: import('./rest').R[]) {} }
      `,
      'src/b.cts': `import old = require('./old'); import type old2 = require('./old-type')`,
      ...Object.fromEntries(
        'imported typed inline-typed side-effect exported all exported-type required template dynamic in-a-type worker asset augmented inner parent rest old old-type'
          .split(' ')
          .map((name) => [`src/${name}.ts`, '']),
      ),
      'src/data.json': '{}',
      'src/logo.svg': '<svg/>',
    })
    expect(needs(map, 'src/a.ts')).toEqual([
      'export src/all.ts',
      'asset src/asset.ts',
      'type src/augmented.ts',
      'import src/data.json',
      'dynamic src/dynamic.ts',
      'type src/exported-type.ts',
      'export src/exported.ts',
      'import src/imported.ts',
      'type src/in-a-type.ts',
      'type src/inline-typed.ts',
      'type src/inner.ts',
      'import src/logo.svg',
      'require src/parent.ts',
      'require src/required.ts',
      'type src/rest.ts',
      'import src/side-effect.ts',
      'require src/template.ts',
      'type src/typed.ts',
      'asset src/worker.ts',
    ])
    expect(needs(map, 'src/b.cts')).toEqual(['type src/old-type.ts', 'require src/old.ts'])
    expect(map.unresolved).toEqual([])
  })

  test('a pair of files has one edge, with the strongest of its kinds', async () => {
    const map = await mapOf({
      'a.ts': `import type { T } from './b'\nconst b = () => import('./b')\nimport type { U } from './c'`,
      'b.ts': '',
      'c.ts': '',
    })
    expect(map.dependencies).toEqual([
      { from: 'a.ts', to: 'b.ts', kind: 'dynamic' },
      { from: 'a.ts', to: 'c.ts', kind: 'type' },
    ])
  })

  test('what is computed, in a comment or in a string is no edge', async () => {
    const map = await mapOf({
      'a.js': `// import './b'\n/* require('./b') */\nconst s = "import './b'"; require('./' + s); import(s); require(\`./\${s}\`); x.require('./b')`,
      'b.js': '',
    })
    expect(map.dependencies).toEqual([])
    expect(map.unresolved).toEqual([])
  })

  test('imports that lead nowhere are reported with their kind, packages from outside are counted', async () => {
    const map = await mapOf({
      'package.json': '{ "dependencies": { "left-pad": "1" } }',
      'a.ts': `import './gone'\nimport type { T } from '../../outside'\nrequire('left-pad'); import 'left-pad/sub'; import fs from 'node:fs'; import '@/gone'; import '#gone'`,
    })
    expect(map.unresolved).toEqual([
      { from: 'a.ts', specifier: '#gone', kind: 'import' },
      { from: 'a.ts', specifier: '../../outside', kind: 'type' },
      { from: 'a.ts', specifier: './gone', kind: 'import' },
      { from: 'a.ts', specifier: '@/gone', kind: 'import' },
    ])
    expect(map.external).toBe(1)
  })

  test('script blocks of Vue, Svelte and Astro files are read', async () => {
    const map = await mapOf({
      'a.vue': `<template><b/></template>\n<script setup lang="ts">\nimport type { T } from './t'\nimport b from './b.vue'\n</script>`,
      'b.vue': `<script src="./logic.js"></script>`,
      'c.svelte': `<script context="module">export const a = 1; import './t'</script>\n<script lang="ts">import x from './logic'; let n: number = 1</script>`,
      'd.astro': `---\nimport C from './c.svelte'\nif (x) return Astro.redirect('/')\n---\n<C/><script>import './logic'</script>`,
      'logic.js': '',
      't.ts': '',
    })
    expect(map.dependencies.map(({ from, to, kind }) => `${from} ${kind} ${to}`)).toEqual([
      'a.vue import b.vue',
      'a.vue type t.ts',
      'b.vue import logic.js',
      'c.svelte import logic.js',
      'c.svelte import t.ts',
      'd.astro import c.svelte',
      'd.astro import logic.js',
    ])
  })
})

describe('edges that no import shows', () => {
  test('PLAN-2 scripts, workflows, actions, Dockerfiles, tsconfigs, links and tests need files too', async () => {
    const map = await mapOf({
      'package.json': JSON.stringify({ scripts: { build: 'node scripts/build && ./tools/x.sh --out=dist/main.js' } }),
      'scripts/build.js': '',
      'tools/x.sh': '',
      '.github/workflows/ci.yml': `on: { push: { paths: ['src/a.ts'] } }\njobs:\n  a:\n    steps:\n      - uses: ./.github/actions/mine\n      - run: bash tools/x.sh # not scripts/build.js\n      - run: node run.js\n        working-directory: scripts\n      - run: npm run build\n`,
      'scripts/run.js': '',
      '.github/actions/mine/action.yml': 'runs:\n  main: index.js',
      '.github/actions/mine/index.js': '',
      Dockerfile:
        'FROM node\nCOPY --chown=node package.json ./\nCOPY --from=build /scripts/run.js .\nCOPY tools \\\n  other/*.txt /app/\nCOPY . .\nCMD ["node", "src/a.ts"]',
      'other/a.txt': '',
      'src/a.ts': '',
      'test/a.test.ts': '',
      'src/b.spec.ts': `import './a'`,
      'src/b.ts': '',
      'tsconfig.json':
        '{ // comment\n "extends": "./tsconfig.base.json", "references": [{ "path": "./packages/p" }], }',
      'tsconfig.base.json': '{}',
      'packages/p/tsconfig.json': '{}',
      'LINK.md': { link: 'tools/x.sh' },
      CODEOWNERS: '/src @a',
    })
    expect(map.dependencies.filter(({ kind }) => kind !== 'import').map((d) => `${d.kind} ${d.from} ${d.to}`)).toEqual([
      'workflow .github/actions/mine/action.yml .github/actions/mine/index.js',
      'workflow .github/workflows/ci.yml .github/actions/mine/action.yml',
      'workflow .github/workflows/ci.yml package.json',
      'workflow .github/workflows/ci.yml scripts/run.js',
      'workflow .github/workflows/ci.yml src/a.ts',
      'workflow .github/workflows/ci.yml tools/x.sh',
      'docker Dockerfile other/a.txt',
      'docker Dockerfile package.json',
      'docker Dockerfile src/a.ts',
      'docker Dockerfile tools/x.sh',
      'link LINK.md tools/x.sh',
      'script package.json scripts/build.js',
      'script package.json tools/x.sh',
      'test src/b.spec.ts src/b.ts',
      'test test/a.test.ts src/a.ts',
      'config tsconfig.json packages/p/tsconfig.json',
      'config tsconfig.json tsconfig.base.json',
    ])
  })
})
