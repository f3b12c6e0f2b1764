import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Dependency } from '../../src/model.ts'
import { drawImpact } from '../../src/planning/drawing.ts'
import { impactOf } from '../../src/planning/impact.ts'
import { areasOf, isTest } from '../../src/planning/places.ts'
import { indexDependents, reachOf } from '../../src/planning/reach.ts'
import { factsOf } from './fixtures.ts'

const needs = (from: string, to: string): Dependency => ({ from, to, kind: 'import' })

const diffOfLines = (path: string, before: string, after: string) =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-${before}\n+${after}\n`

describe('PLAN-2 what a change reaches', () => {
  const facts = factsOf({
    paths: [
      'package.json',
      'apps/web/Dockerfile',
      'apps/web/package.json',
      'apps/web/src/main.ts',
      'libs/core/package.json',
      'libs/core/src/a.ts',
      'libs/core/src/b.ts',
      'libs/core/test/b.test.ts',
      'docs/a.md',
    ],
    dependencies: [
      needs('libs/core/src/b.ts', 'libs/core/src/a.ts'),
      needs('apps/web/src/main.ts', 'libs/core/src/b.ts'),
      needs('libs/core/test/b.test.ts', 'libs/core/src/b.ts'),
      needs('libs/core/src/a.ts', 'libs/core/src/b.ts'),
    ],
    entryPoints: ['apps/web/src/main.ts'],
    exports: [
      { path: 'libs/core/src/a.ts', before: ['one', 'two'], after: ['two', 'three'] },
      { path: 'libs/core/src/new.ts', before: null, after: ['fresh'] },
      { path: 'libs/core/src/same.ts', before: ['x'], after: ['x'] },
      { path: 'libs/core/test/b.test.ts', before: ['x'], after: null },
    ],
    codeowners: '* @all\n/libs/ @core\n',
    unresolved: 3,
  })
  const impact = impactOf(['libs/core/src/a.ts'], facts, indexDependents(facts.dependencies))

  test('PLAN-2 names direct and transitive dependents, and a cycle ends', () => {
    expect(impact.direct).toEqual(['libs/core/src/b.ts'])
    expect(impact.transitive).toEqual(['apps/web/src/main.ts', 'libs/core/test/b.test.ts'])
  })

  test('PLAN-2 names modules, tests, owners, entry points and what is deployed', () => {
    expect(impact.modules).toEqual(['libs/core/src'])
    expect(impact.tests).toEqual(['libs/core/test/b.test.ts'])
    expect(impact.owners).toEqual(['@core'])
    expect(impact.entryPoints).toEqual(['apps/web/src/main.ts'])
    expect(impact.deployables).toEqual(['apps/web'])
    expect(impact.unresolved).toBe(3)
  })

  test('PLAN-2 names exports that come and go, but not those of tests', () => {
    expect(impact.exportsChanged).toEqual([
      { path: 'libs/core/src/a.ts', added: ['three'], removed: ['one'], changed: [], public: false },
      { path: 'libs/core/src/new.ts', added: ['fresh'], removed: [], changed: [], public: false },
    ])
  })

  test('PLAN-2 names what an entry point offers, itself or through re-exports, and what is declared otherwise', () => {
    const dependencies: Dependency[] = [
      { from: 'apps/web/src/main.ts', to: 'libs/core/src/b.ts', kind: 'export' },
      { from: 'libs/core/src/b.ts', to: 'libs/core/src/a.ts', kind: 'export' },
      needs('libs/core/src/a.ts', 'libs/core/src/inner.ts'),
    ]
    const exports = ['a', 'inner'].map((name) => {
      return { path: `libs/core/src/${name}.ts`, before: ['one', 'two'], after: ['one', 'two'] }
    })
    const diffs = ['a', 'inner'].map((name) =>
      diffOfLines(`libs/core/src/${name}.ts`, 'export const one = (a: string) => a', 'export const one = () => 1'),
    )
    const { exportsChanged } = impactOf(['libs/core/src/a.ts'], { ...facts, dependencies, exports, diffs }, new Map())
    expect(exportsChanged.map(({ path, changed, public: open }) => [path, changed, open])).toEqual([
      ['libs/core/src/a.ts', ['one'], true],
      ['libs/core/src/inner.ts', ['one'], false],
    ])
  })

  test('PLAN-2 names the secrets that changed lines name, never a value, and not where a document tells of them', () => {
    const diffs = [
      diffOfLines('.github/workflows/ship.yml', 'run: a', 'run: b ${{ secrets.DEPLOY }}'),
      diffOfLines(
        'src/pay.ts',
        'const key = process.env.OLD_API_KEY',
        "const key = process.env['NEW_API_KEY'] // a TOKEN",
      ),
      diffOfLines('README.md', 'a', 'Set SHOP_SECRET.'),
    ]
    expect(impactOf([], { ...facts, diffs }, new Map()).secretNames).toEqual([
      { path: '.github/workflows/ship.yml', names: ['DEPLOY'] },
      { path: 'src/pay.ts', names: ['NEW_API_KEY', 'OLD_API_KEY'] },
    ])
  })

  test('PLAN-2 names the workflows that run what changes', () => {
    const dependencies: Dependency[] = [{ from: '.github/workflows/ship.yml', to: 'ship.sh', kind: 'workflow' }]
    const { workflows } = impactOf(['ship.sh'], { ...facts, dependencies }, indexDependents(dependencies))
    expect(workflows).toEqual(['.github/workflows/ship.yml'])
  })

  test('PLAN-2 takes the root as deployed where nothing says what is, and documentation as reaching nothing', () => {
    const plain = { ...facts, paths: ['package.json', 'src/a.ts'] }
    expect(impactOf(['src/a.ts'], plain, new Map()).deployables).toEqual(['.'])
    expect(impactOf(['docs/a.md', 'test/a.test.ts'], plain, new Map()).deployables).toEqual([])
  })

  test.each([
    ['.github/workflows/ci.yml', ['workflow']],
    ['.github/pawl.yml', ['configuration']],
    ['package-lock.json', ['lock file']],
    ['libs/a/package.json', ['manifest']],
    ['db/migrations/001.sql', ['migration']],
    ['Dockerfile', ['deployment']],
    ['infra/main.tf', ['deployment']],
    ['.env.production', ['secrets']],
    ['certs/server.pem', ['secrets']],
    ['src/a.test.ts', ['test']],
    ['docs/a.md', ['documentation']],
    ['vitest.config.ts', ['configuration']],
    ['src/secretary.ts', []],
    ['src/a.ts', []],
  ])('PLAN-4 %s is %j', (path, areas) => {
    expect(areasOf(path)).toEqual(areas)
  })

  test.each([
    ['src/a.test.ts', true],
    ['test/server.js', true],
    ['tests/test_x.py', true],
    ['pkg/a_test.go', true],
    ['src/FooTest.java', true],
    ['test/fixtures/data.json', false],
    ['src/latest.ts', false],
    ['src/contest.ts', false],
  ])('PLAN-5 %s is a test: %s', (path, is) => {
    expect(isTest(path)).toBe(is)
  })
})

describe('PLAN-3 the drawing', () => {
  const path = fc
    .tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.constantFrom('x', 'y', 'z', 'w'), fc.nat({ max: 30 }))
    .map(([top, sub, file]) => (file % 7 === 0 ? `f${file}.ts` : `${top}/${sub}/f${file}.ts`))
  const graph = fc.array(fc.tuple(path, path), { maxLength: 400 })

  test('PLAN-3 has fewer than 40 nodes, all ends of its edges, and nobody is lost', () => {
    fc.assert(
      fc.property(graph, fc.uniqueArray(path, { minLength: 1, maxLength: 60 }), (edges, touched) => {
        const dependencies = edges.map(([from, to]) => needs(from, to))
        const reach = reachOf(touched, indexDependents(dependencies))
        const drawing = drawImpact(touched.toSorted(), reach, dependencies)
        const ids = drawing.nodes.map(({ id }) => id)
        expect(ids.length).toBeLessThan(40)
        expect(ids.length).toBeGreaterThan(0)
        expect(new Set(ids).size).toBe(ids.length)
        for (const { from, to } of drawing.edges) {
          expect(ids).toContain(from)
          expect(ids).toContain(to)
          expect(from).not.toBe(to)
        }
        const pairs = drawing.edges.map(({ from, to }) => `${from} ${to}`)
        expect(new Set(pairs).size).toBe(pairs.length)
        const drawn = drawing.nodes.reduce((sum, { label, role }) => {
          return sum + (role === 'group' ? Number(/(\d+) files/.exec(label)?.[1] ?? 1) : 1)
        }, 0)
        expect(drawn).toBe(touched.length + reach.direct.length + reach.transitive.length)
      }),
      { numRuns: 200 },
    )
  })

  test('PLAN-3 draws each file by itself where they fit, with every edge on a shortest way to the change', () => {
    const dependencies = [needs('b.ts', 'a.ts'), needs('c.ts', 'b.ts'), needs('z.ts', 'y.ts')]
    const drawing = drawImpact(['a.ts'], reachOf(['a.ts'], indexDependents(dependencies)), dependencies)
    expect(drawing.nodes.map(({ label, role }) => [label, role])).toEqual([
      ['a.ts', 'changed'],
      ['b.ts', 'direct'],
      ['c.ts', 'transitive'],
    ])
    expect(drawing.edges).toHaveLength(2)
    // b and c need each other as well, and c needs what b needs: neither is how the change reaches them.
    const more = [...dependencies, needs('b.ts', 'c.ts'), needs('d.ts', 'c.ts'), needs('d.ts', 'b.ts')]
    const { edges } = drawImpact(['a.ts'], reachOf(['a.ts'], indexDependents(more)), more)
    expect(edges.map(({ from, to }) => `${from} ${to}`)).toEqual(['n1 n0', 'n2 n1', 'n3 n1'])
  })

  test('PLAN-3 groups what is far from the change first', () => {
    const far = Array.from({ length: 50 }, (_, at) => needs(`far/f${at}.ts`, 'near/b.ts'))
    const dependencies = [needs('near/b.ts', 'a.ts'), ...far]
    const { nodes } = drawImpact(['a.ts'], reachOf(['a.ts'], indexDependents(dependencies)), dependencies)
    expect(nodes.map(({ label, role }) => [label, role])).toEqual([
      ['a.ts', 'changed'],
      ['near/b.ts', 'direct'],
      ['far/ (50 files, transitive dependents)', 'group'],
    ])
  })

  test('PLAN-2 reaches 20,000 files over 60,000 edges in well under a second', () => {
    const dependencies = Array.from({ length: 60_000 }, (_, at) =>
      needs(`d${at % 200}/f${at % 20_000}.ts`, `d${(at * 7) % 200}/f${(at * 7) % 20_000}.ts`),
    )
    const began = performance.now()
    const reach = reachOf(['d0/f0.ts'], indexDependents(dependencies))
    const drawing = drawImpact(['d0/f0.ts'], reach, dependencies)
    expect(drawing.nodes.length).toBeLessThan(40)
    expect(performance.now() - began).toBeLessThan(3_000)
  })
})
