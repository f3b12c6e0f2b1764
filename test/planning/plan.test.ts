import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Task } from '../../src/model.ts'
import type { PlanFacts } from '../../src/planning/facts.ts'
import { createPlan } from '../../src/planning/plan.ts'
import { noRevisions } from '../../src/planning/revision.ts'
import { change, configOf, draft, factsOf, sha256 } from './fixtures.ts'

const planOf = (facts: Partial<PlanFacts> = {}) => createPlan(factsOf(facts), sha256)
const words = (text: string) => ({ kind: 'words', text, trust: 'maintainer' }) as const
const open = (id: number, text: string) => draft(id, { source: words(text), agent: 'human', exact: false, paths: null })

describe('PLAN-1 to PLAN-10 what a plan says', () => {
  const plan = planOf({
    config: configOf(
      'agents: [{ use: patch }, { use: recipe, name: format, run: [fmt] }]\nhealth: { probes: [{ url: "http://127.0.0.1/health", name: up }] }',
    ),
    drafts: [
      draft(2, { paths: ['src/server.ts'] }),
      draft(1, { paths: ['src/greet.ts'] }),
      draft(3, { agent: 'format', source: { kind: 'recipe', recipe: 'format' }, paths: null, needs: [2, 1] }),
    ],
    measured: [
      { task: 1, files: [change('src/greet.ts', { additions: 3 })], binary: [] },
      { task: 2, files: [change('src/server.ts')], binary: [] },
      { task: 3, files: [change('src/server.ts')], binary: [] },
    ],
    requiredChecks: ['test'],
    revisions: { ...noRevisions, probes: ['http://127.0.0.1/x'], exclude: ['docs/**'] },
    budget: '12k tokens, 5 USD, 20 min',
  })

  test('PLAN-1 how big it is', () => {
    expect(plan.scope).toEqual({
      summary: '3 tasks; 2 files (+5 −3).',
      size: 'small',
      complexity: 'moderate',
      files: 2,
      lines: 8,
    })
  })

  test('PLAN-5 each task with its files, order, integration points, tests, validation, rollback point and agent', () => {
    expect(plan.tasks.map(({ id, agent, changes }) => [id, agent, changes.map(({ path }) => path)])).toEqual([
      [2, 'patch', ['src/server.ts']],
      [1, 'patch', ['src/greet.ts']],
      [3, 'format', ['src/server.ts']],
    ])
    const [server, greet, format] = plan.tasks
    expect(server?.rollbackPoint).toContain('snapshot of 111111111111')
    expect(greet?.rollbackPoint).toBe('the commit of task 2')
    expect(greet?.integrates).toEqual(['src/server.ts'])
    expect(greet?.tests).toEqual(['test/server.test.ts'])
    expect(greet?.validation).toContain('the test that reaches it')
    expect(format?.needs).toEqual([2, 1])
  })

  test('PLAN-5 a task whose files need those of an earlier task needs that task', () => {
    const drafts = [draft(1, { paths: ['src/greet.ts'] }), draft(2, { paths: ['src/server.ts'] })]
    const measured = [
      { task: 1, files: [change('src/greet.ts')], binary: [] },
      { task: 2, files: [change('src/server.ts')], binary: [] },
    ]
    expect(planOf({ drafts, measured }).tasks.map(({ needs }) => needs)).toEqual([[], [1]])
    expect(planOf({ drafts: drafts.toReversed(), measured }).tasks.map(({ needs }) => needs)).toEqual([[], []])
  })

  test('PLAN-6 when which gates judge', () => {
    const gates = Object.fromEntries(plan.checkpoints.map((one) => [one.when, one.gates]))
    expect(Object.keys(gates)).toEqual([
      'before the first change',
      'after task 2',
      'after task 1',
      'after task 3',
      'round 1, on the pull request',
      'round 2, on the merge commit',
      'after the deployment',
      'soak, 10 min',
    ])
    expect(gates['round 1, on the pull request']).toEqual(
      expect.arrayContaining(['checks test', 'reviewers secrets, protected-paths, fidelity, dependencies, tests']),
    )
    expect(gates['soak, 10 min']).toEqual(['2 probes held against the baseline'])
  })

  test('PLAN-8 who does what, what must be there, within which bounds', () => {
    expect(plan.resources.agents).toEqual([
      { name: 'patch', tasks: [2, 1] },
      { name: 'format', tasks: [3] },
    ])
    expect(plan.resources.prerequisites).toContain('a working sandbox for `format` (task 3)')
    expect(plan.resources.constraints).toEqual(
      expect.arrayContaining([
        'no file above 5 MB',
        'required by branch protection: test',
        'nothing changes under docs/**',
      ]),
    )
    expect(plan.resources.budget).toBe('12k tokens, 5 USD, 20 min')
    expect(plan.resources.estimate.p90).toBeGreaterThan(plan.resources.estimate.p50)
  })

  test('PLAN-9 criteria that a machine can judge', () => {
    expect(plan.criteria).toEqual([
      { kind: 'files-as-planned' },
      { kind: 'checks-pass', round: 1 },
      { kind: 'checks-pass', round: 2 },
      { kind: 'tree-is-checked-tree' },
      { kind: 'deployed', environment: 'production' },
      { kind: 'healthy', probe: 'up' },
      { kind: 'healthy', probe: 'http://127.0.0.1/x' },
    ])
  })

  test('PLAN-9 nothing is promised that nobody judges', () => {
    const { criteria, checkpoints } = planOf({ workflows: [], config: configOf('deploy: { via: none }') })
    expect(criteria.map(({ kind }) => kind)).toEqual(['files-as-planned', 'tree-is-checked-tree'])
    expect(checkpoints.map(({ when }) => when)).not.toContain('after the deployment')
  })

  test('PLAN-10 which messages come when', () => {
    const said = ['processing', 'planning', 'plan ready', 'starting', 'working', 'restarting', 'success', 'failure']
    expect(plan.communication.map((one) => one.split(':')[0])).toEqual(said)
  })
})

describe('PLAN-5 tasks whose change is not known beforehand', () => {
  const mayTouch = (text: string, facts: Partial<PlanFacts> = {}) =>
    planOf({ drafts: [open(1, text)], measured: [], ...facts }).tasks[0]?.mayTouch

  test('PLAN-5 words that name files allow those, what stands beside them and their tests', () => {
    expect(mayTouch('Change `greet.ts` and `README.md`.')).toEqual(['README.md', 'src/**', 'test/server.test.ts'])
  })

  test('PLAN-5 words that name no file allow everything', () => {
    expect(mayTouch('Greet people by name, see `greet()`.')).toEqual(['**'])
  })

  test('PLAN-5 a path with special characters allows itself and nothing else', () => {
    const facts = { paths: ['[id].ts', 'i.ts'] }
    expect(mayTouch('Change `[id].ts`.', facts)).toEqual(['\\[id\\].ts'])
  })

  test('PLAN-2 their named files count as touched', () => {
    const { impact, scope } = planOf({ drafts: [open(1, 'Change `src/greet.ts`.')], measured: [] })
    expect(impact.direct).toEqual(['src/server.ts'])
    expect(scope.summary).toBe('1 task; the change of task 1 is known only when it is made.')
  })

  test('an exact task that was not measured is refused, for the plan would promise what nobody has seen', () => {
    expect(() => planOf({ measured: [] })).toThrow('Task 1 is exact and was not measured.')
  })
})

describe('PLAN-12 what the digests of a plan cover', () => {
  const probed = 'health: { probes: [{ url: "http://127.0.0.1/health" }] }'
  const digests = (yaml: string) => {
    const { configDigest, settingsDigest } = planOf({ config: configOf(`${yaml}\n${probed}`) })
    return { configDigest, settingsDigest }
  }
  const before = digests('')

  test.each([
    'theme: space',
    'queue: { slots: 3 }',
    'label: x',
    'agents: [{ use: patch }, { use: human }]',
    'approval: { expires: 5d }',
  ])('PLAN-12 %s is another configuration that carries the plan out alike', (yaml) => {
    const after = digests(yaml)
    expect(after.configDigest).not.toBe(before.configDigest)
    expect(after.settingsDigest).toBe(before.settingsDigest)
  })

  test.each([
    'merge: { method: merge }',
    'deviation: approve',
    'protected: []',
    'deploy: { timeout: 1m }',
    'rollback: { branch: pull-request }',
    'validation: { round1: { fixes: 0 } }',
  ])('PLAN-12 %s carries it out otherwise', (yaml) => {
    expect(digests(yaml).settingsDigest).not.toBe(before.settingsDigest)
  })

  test('PLAN-12 how a recipe of the plan runs is one of them', () => {
    const of = (run: string) => {
      const drafts = [draft(1, { agent: 'format', source: { kind: 'recipe', recipe: 'format' }, paths: null })]
      return planOf({ drafts, config: configOf(`agents: [{ use: recipe, name: format, run: [${run}] }]`) })
        .settingsDigest
    }
    expect(of('fmt')).not.toBe(of('rm'))
  })
})

test('PLAN-5 the tasks of any plan stand in an order that their needs allow', () => {
  const paths = fc.uniqueArray(fc.constantFrom('src/greet.ts', 'src/server.ts', 'test/server.test.ts', 'a.md'), {
    minLength: 1,
  })
  fc.assert(
    fc.property(fc.array(paths, { minLength: 1, maxLength: 8 }), (all) => {
      const { tasks } = planOf({
        drafts: all.map((own, at) => draft(at + 1, { paths: own })),
        measured: all.map((own, at) => ({ task: at + 1, files: own.map((path) => change(path)), binary: [] })),
      })
      const done = new Set<Task['id']>()
      for (const { id, needs } of tasks) {
        for (const need of needs) expect(done.has(need)).toBe(true)
        done.add(id)
      }
    }),
  )
})
