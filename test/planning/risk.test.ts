import { describe, expect, test } from 'vitest'
import type { FileChange } from '../../src/model.ts'
import type { PlanFacts } from '../../src/planning/facts.ts'
import { createPlan } from '../../src/planning/plan.ts'
import { judgeApprovalFits } from '../../src/planning/validity.ts'
import { noRevisions } from '../../src/planning/revision.ts'
import { change, configOf, draft, factsOf, sha256 } from './fixtures.ts'

const planOf = (facts: Partial<PlanFacts>) => createPlan(factsOf(facts), sha256)
const changing = (...files: (string | FileChange)[]): Partial<PlanFacts> => ({
  measured: [{ task: 1, files: files.map((file) => (typeof file === 'string' ? change(file) : file)), binary: [] }],
})
const words = (text: string) =>
  draft(1, { source: { kind: 'words', text, trust: 'maintainer' }, agent: 'human', exact: false, paths: null })
const note = { gate: 'preflight', severity: 'warning', rule: 'hidden-text', message: 'U+202E in the issue.' } as const
const wide = (many: number) => ({
  dependencies: Array.from({ length: many }, (_, at) => ({
    from: `d/f${at}.test.ts`,
    to: 'src/greet.ts',
    kind: 'import',
  })),
})

const lineOf = (path: string, before: string, after: string) =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-${before}\n+${after}\n`
/** `greet` gets another parameter. */
const declared = (path: string): Partial<PlanFacts> => ({
  ...changing(path),
  exports: [{ path, before: ['greet'], after: ['greet'] }],
  diffs: [
    lineOf(path, 'export function greet(name: string) {', 'export function greet(name: string, loud: boolean) {'),
  ],
})

describe('PLAN-4 the risk and the rules that gave it', () => {
  test('PLAN-4 a small tested change with a probe is of low risk, by no rule', () => {
    expect(planOf({}).risk).toEqual({ level: 'low', rules: [], reviewers: [] })
  })

  test.each([
    [
      'protected-path',
      'high',
      { ...changing('src/greet.ts'), config: configOf('protected: ["src/**"]') },
      'src/greet.ts',
    ],
    ['workflow-changed', 'high', changing('.github/workflows/ci.yml'), 'ci.yml'],
    ['secrets-handling', 'high', changing('.env'), '.env'],
    ['migration', 'high', changing('db/migrations/1.sql'), '1.sql'],
    ['removed-but-needed', 'high', changing(change('src/greet.ts', { kind: 'remove' })), 'src/server.ts'],
    ['removed-but-needed', 'high', changing(change('src/hello.ts', { from: 'src/greet.ts' })), 'src/greet.ts'],
    ['imports-broken', 'medium', { broken: [{ path: 'src/greet.ts', specifier: './gone' }] }, 'src/greet.ts (./gone)'],
    ['deployment-changed', 'medium', changing('Dockerfile'), 'Dockerfile'],
    ['dependencies-changed', 'medium', changing('package-lock.json'), 'package-lock.json'],
    ['manifest-changed', 'medium', changing('package.json'), 'package.json'],
    ['configuration-changed', 'low', changing('vitest.config.mjs', 'src/greet.ts'), 'vitest.config.mjs'],
    [
      'exports-removed',
      'medium',
      { exports: [{ path: 'src/greet.ts', before: ['greet'], after: [] }] },
      'src/greet.ts (greet)',
    ],
    [
      'exports-removed',
      'high',
      { ...changing('src/server.ts'), exports: [{ path: 'src/server.ts', before: ['x'], after: null }] },
      '(x)',
    ],
    [
      'exports-removed',
      'high',
      {
        ...changing('src/greet.ts'),
        exports: [{ path: 'src/greet.ts', before: ['x'], after: [] }],
        dependencies: [
          ...(factsOf().dependencies ?? []),
          { from: 'src/server.ts', to: 'src/index.ts', kind: 'export' },
          { from: 'src/index.ts', to: 'src/greet.ts', kind: 'export' },
        ],
      },
      'src/greet.ts (x)',
    ],
    ['exports-changed', 'low', declared('src/greet.ts'), 'src/greet.ts (greet)'],
    ['exports-changed', 'medium', declared('src/server.ts'), 'src/server.ts (greet)'],
    [
      'secrets-handling',
      'medium',
      { diffs: [lineOf('src/greet.ts', 'x', 'process.env.SHOP_API_KEY')] },
      'SHOP_API_KEY',
    ],
    ['wide-impact', 'medium', wide(20), '20 files'],
    ['wide-impact', 'high', wide(200), '200 of them directly'],
    ['large-change', 'medium', changing(change('src/greet.ts', { additions: 500 })), '501 lines'],
    ['open-ended', 'medium', { drafts: [words('Greet.')], measured: [] }, 'any file'],
    ['untested', 'medium', { dependencies: [] }, 'src/greet.ts'],
    ['no-checks', 'medium', { workflows: [] }, 'No check'],
    [
      'binary-files',
      'medium',
      { measured: [{ task: 1, files: [change('src/greet.ts'), change('a.png')], binary: ['a.png'] }] },
      'a.png',
    ],
    ['hidden-text', 'medium', { parsed: { ...factsOf().parsed, notes: [note] } }, 'U+202E'],
    ['no-probes', 'low', { config: configOf() }, '10 min'],
  ] as [string, string, Partial<PlanFacts>, string][])('PLAN-4 the rule %s gives %s', (rule, level, facts, why) => {
    const { risk } = planOf(facts)
    const applied = risk.rules.find((one) => one.rule === rule)
    expect(applied?.why).toContain(why)
    expect(applied?.mitigation).toBeTruthy()
    expect(risk.level).toBe(level)
  })

  test('PLAN-4 no probe is missed where nothing is deployed, or where /revise added one', () => {
    expect(planOf({ config: configOf('deploy: { via: none }') }).risk.rules).toEqual([])
    const revisions = { ...noRevisions, probes: ['http://127.0.0.1/x'] }
    expect(planOf({ config: configOf(), revisions }).risk.rules).toEqual([])
  })

  test('PLAN-11 the risk decides how many approvers, how long a soak and which reviewers', () => {
    const config = configOf('validation: { reviewers: [fidelity] }')
    const low = planOf({ config })
    const high = planOf({ ...changing('.github/workflows/ci.yml', 'package.json'), config })
    expect([low.approvals.needed, low.health.soak, low.reviewers]).toEqual([1, 600_000, ['fidelity']])
    expect(high.approvals.needed).toBe(2)
    expect(high.health.soak).toBe(1_200_000)
    expect(high.reviewers).toEqual(['fidelity', 'secrets', 'protected-paths', 'dependencies'])
    expect(high.protectedPaths).toEqual(['.github/workflows/ci.yml'])
  })

  test('PLAN-4 the configuration raises, lowers or switches off a rule by its name', () => {
    const facts = { ...changing('package.json', 'src/greet.ts'), dependencies: [] }
    const config = configOf('risk: { rules: { manifest-changed: high, untested: off } }\ndeploy: { via: none }')
    expect(planOf({ ...facts, config }).risk).toMatchObject({
      level: 'high',
      rules: [{ rule: 'manifest-changed', level: 'high', why: 'Manifests change: package.json.' }],
    })
    const low = configOf('risk: { rules: { manifest-changed: low, untested: low } }\ndeploy: { via: none }')
    expect(planOf({ ...facts, config: low }).risk.level).toBe('low')
  })

  test('PLAN-4 a rule of the repository’s own looks at what changes and at what words may change', () => {
    const own = 'risk: { own: [{ name: greeting, level: high, paths: ["src/greet*"], why: "Customers see it." }] }\n'
    const config = configOf(`${own}deploy: { via: none }`)
    expect(planOf({ config }).risk.rules).toEqual([
      {
        rule: 'greeting',
        level: 'high',
        why: 'Paths change that the rule names: src/greet.ts.',
        mitigation: 'Customers see it.',
      },
    ])
    expect(planOf({ config, ...changing('src/server.ts') }).risk.rules).toEqual([])
    const open = planOf({ config, drafts: [words('Greet louder.')], measured: [] })
    expect(open.risk.rules.at(-1)?.why).toBe('A task may change paths that the rule names: src/greet.ts.')
    expect(open.approvals.needed).toBe(2)
  })

  test('PLAN-11 a level asks for its approvals, its reviewers and a soak of at least so long', () => {
    const yaml = `validation: { reviewers: [fidelity] }
approval: { count: { medium: 3 } }
health: { soak: 20m }
deploy: { via: none }
risk: { rules: { configuration-changed: medium }, levels: { low: { soak: 10m }, medium: { soak: 1h, reviewers: [tests] } } }`
    const medium = planOf({ ...changing('src/greet.ts', 'vitest.config.mjs'), config: configOf(yaml) })
    expect([medium.risk.level, medium.approvals.needed, medium.health.soak]).toEqual(['medium', 3, 3_600_000])
    expect([medium.reviewers, medium.risk.reviewers]).toEqual([['fidelity', 'tests'], ['tests']])
    const low = planOf({ config: configOf(yaml) })
    expect([low.approvals.needed, low.health.soak, low.reviewers]).toEqual([1, 1_200_000, ['fidelity']])
    // Without a soak of its own a high risk is watched for twice as long; with one, for that long.
    const high = (more: string) =>
      planOf({ ...changing('.github/workflows/ci.yml'), config: configOf(`health: { soak: 20m }\n${more}`) }).health
        .soak
    expect(high('')).toBe(2_400_000)
    expect(high('risk: { levels: { high: { soak: 25m } } }')).toBe(1_500_000)
  })

  test('PLAN-12 a risk setting that is changed gives another digest only where it changes the plan', () => {
    const yaml = 'deploy: { via: none }\n'
    const was = planOf({ config: configOf(yaml) })
    const other = planOf({ config: configOf(`${yaml}risk: { own: [{ name: a, level: low, paths: [lib/**] }] }`) })
    expect(other.digest).not.toBe(was.digest)
    expect(judgeApprovalFits(was, { plan: other, moved: ['.github/pawl.yml'] })).toEqual({ keeps: true, because: [] })
    const hit = planOf({ config: configOf(`${yaml}risk: { own: [{ name: a, level: high, paths: [src/**] }] }`) })
    expect(judgeApprovalFits(was, { plan: hit, moved: [] }).because).toContain('Risk: low → high')
  })
})
