import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PlanFacts } from '../../src/planning/facts.ts'
import { createPlan } from '../../src/planning/plan.ts'
import { noRevisions } from '../../src/planning/revision.ts'
import { judgeApprovalFits } from '../../src/planning/validity.ts'
import { change, configOf, diffOf, draft, factsOf, request, sha256 } from './fixtures.ts'
import { mutationOf } from './mutations.ts'

const approved = createPlan(factsOf(), sha256)
const anew = (facts: Partial<PlanFacts>) => createPlan(factsOf(facts), sha256)
const newBase = { commit: '8'.repeat(40), tree: '9'.repeat(40), branch: 'main' }
const probed = 'health: { probes: [{ url: "http://127.0.0.1/health" }] }'

/** A plan in which hardly anything is empty. */
const rich = anew({
  parsed: { title: '', words: '', sources: [], questions: [], notes: [] },
  config: configOf(`protected: ["src/**"]\nagents: [{ use: patch }, { use: human }]\n${probed}`),
  drafts: [
    draft(1, { paths: ['src/greet.ts'], excluded: ['docs/**'] }),
    draft(2, {
      source: { kind: 'words', text: 'Say so in `README.md`.', trust: 'maintainer' },
      agent: 'human',
      exact: false,
      paths: null,
      needs: [1],
    }),
  ],
  codeowners: '* @acme/all\n',
  exports: [{ path: 'src/greet.ts', before: ['greet'], after: ['hello'] }],
  requiredChecks: ['test'],
  revisions: { ...noRevisions, probes: ['http://127.0.0.1/x'], exclude: ['docs/**'] },
  budget: '12k tokens',
})

/** What may be another and touches nothing in the plan. */
const besides =
  /^(codename|revision|digest|configDigest|base\.(commit|tree)|request\.textDigest|impact\.(drawing|unresolved)|resources\.estimate|tasks\.\d+\.(estimate|rollbackPoint))(\.|$)/

describe('PLAN-12 whether an approval still fits', () => {
  test('PLAN-12 anything in the plan that moved voids the approval, and says why', () => {
    fc.assert(
      fc.property(mutationOf(rich), ({ place, mutated }) => {
        fc.pre(!besides.test(place))
        const { keeps, because } = judgeApprovalFits(rich, { plan: mutated, moved: [] })
        expect(keeps).toBe(false)
        expect(because.length).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['nothing moved', {}, []],
    ['others changed a file that the plan has nothing to do with', { base: newBase }, ['README.md', 'src/other.ts']],
    ['the issue’s prose was edited', { request: { ...request, body: 'Please greet!' } }, []],
    [
      'a setting moved that the plan has nothing to do with',
      { config: configOf(`theme: space\nlabel: other\n${probed}`) },
      [],
    ],
    [
      'an agent was added that has no task',
      { config: configOf(`agents: [{ use: patch }, { use: human }]\n${probed}`) },
      [],
    ],
    ['the estimate is another', { checkDurations: [{ name: 'test', ms: 100_000 }] }, []],
    ['it is a later revision', { revision: 3 }, []],
  ] as [string, Partial<PlanFacts>, string[]][])('PLAN-12 keeps it when %s', (_, facts, moved) => {
    expect(judgeApprovalFits(approved, { plan: anew(facts), moved })).toEqual({ keeps: true, because: [] })
  })

  test.each([
    ['others changed a file that the plan changes', { base: newBase }, ['src/greet.ts'], 'which the plan changes'],
    ['others changed a direct dependent', { base: newBase }, ['src/server.ts'], 'depends on what the plan changes'],
    ['others changed a transitive dependent', { base: newBase }, ['test/server.test.ts'], 'depends on'],
    [
      'the change measures otherwise',
      { measured: [{ task: 1, files: [change('src/greet.ts', { additions: 2 })], binary: [] }] },
      [],
      'Task 1, files',
    ],
    [
      'a task asks for something else',
      { drafts: [draft(1, { paths: ['src/greet.ts'], source: { kind: 'diff', diff: diffOf('src/greet.ts', 'z') } })] },
      [],
      'Task 1, request',
    ],
    [
      'there is a new dependent',
      { dependencies: [...factsOf().dependencies, { from: 'src/x.ts', to: 'src/greet.ts', kind: 'import' }] },
      [],
      'src/x.ts',
    ],
    ['a check is required now', { requiredChecks: ['test'] }, [], 'Checks of round 1'],
    [
      'a setting moved that decides how it is carried out',
      { config: configOf(`merge: { method: rebase }\n${probed}`) },
      [],
      'Settings',
    ],
    ['more approvals are needed', { config: configOf(`approval: { count: { low: 2 } }\n${probed}`) }, [], 'Approvals'],
    ['it is protected now', { config: configOf(`protected: ["src/**"]\n${probed}`) }, [], 'Protected paths'],
    ['the title is another', { request: { ...request, title: 'Wave' } }, [], 'Title'],
    ['a revision was added', { revisions: { ...noRevisions, probes: ['http://127.0.0.1/x'] } }, [], 'Added probes'],
  ] as [string, Partial<PlanFacts>, string[], string][])('PLAN-12 voids it when %s', (_, facts, moved, why) => {
    const { keeps, because } = judgeApprovalFits(approved, { plan: anew(facts), moved })
    expect(keeps).toBe(false)
    expect(because.join('\n')).toContain(why)
  })

  test('PLAN-12 voids the approval of an open task when others changed what it may touch', () => {
    const source = { kind: 'words', text: 'Change `src/greet.ts`.', trust: 'maintainer' } as const
    const open = anew({ drafts: [draft(1, { source, agent: 'human', exact: false, paths: null })], measured: [] })
    expect(judgeApprovalFits(open, { plan: open, moved: ['README.md'] }).keeps).toBe(true)
    expect(judgeApprovalFits(open, { plan: open, moved: ['src/new.ts'] }).because).toEqual([
      'src/new.ts, which a task may touch, was changed by others.',
    ])
  })
})
