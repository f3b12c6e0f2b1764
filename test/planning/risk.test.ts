import { describe, expect, test } from 'vitest'
import type { FileChange } from '../../src/model.ts'
import type { PlanFacts } from '../../src/planning/facts.ts'
import { createPlan } from '../../src/planning/plan.ts'
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

describe('PLAN-4 the risk and the rules that gave it', () => {
  test('PLAN-4 a small tested change with a probe is of low risk, by no rule', () => {
    expect(planOf({}).risk).toEqual({ level: 'low', rules: [] })
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
})
