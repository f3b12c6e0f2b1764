import { describe, expect, test } from 'vitest'
import type { PlanFacts } from '../../src/planning/facts.ts'
import { createPlan } from '../../src/planning/plan.ts'
import { diffPlans } from '../../src/planning/plan-diff.ts'
import { noRevisions } from '../../src/planning/revision.ts'
import { change, configOf, draft, factsOf, sha256 } from './fixtures.ts'

const two: Partial<PlanFacts> = {
  drafts: [draft(1, { title: 'Greet' }), draft(2, { title: 'Wave' })],
  measured: [1, 2].map((task) => ({ task, files: [change(`src/${task}.ts`)], binary: [] })),
}
const plan = (facts: Partial<PlanFacts> = {}) => createPlan(factsOf({ ...two, ...facts }), sha256)
const rowsOf = (facts: Partial<PlanFacts>) => {
  return Object.fromEntries(diffPlans(plan(), plan(facts)).map(({ what, before, after }) => [what, [before, after]]))
}

describe('PLAN-11 what differs between two revisions', () => {
  test('PLAN-11 is nothing between a plan and itself, whatever its number', () => {
    expect(diffPlans(plan(), plan({ revision: 2 }))).toEqual([])
  })

  test('PLAN-11 names a dropped task', () => {
    const dropped = { drafts: [draft(1, { title: 'Greet' })] }
    expect(rowsOf(dropped)).toMatchObject({ 'Task 2': ['Wave', 'dropped'], 'Order of tasks': ['1, 2', '1'] })
  })

  test('PLAN-11 names another order', () => {
    expect(rowsOf({ drafts: [...(two.drafts ?? [])].toReversed() })).toMatchObject({
      'Order of tasks': ['1, 2', '2, 1'],
    })
  })

  test('PLAN-11 names the files of a task that measure otherwise, and only those', () => {
    const files = [change('src/1.ts'), change('src/new.ts', { kind: 'create', deletions: 0 })]
    const measured = [{ task: 1, files, binary: [] }, ...(two.measured ?? []).slice(1)]
    expect(rowsOf({ measured })['Task 1, files']).toEqual(['—', 'src/new.ts (new, +1 −0)'])
  })

  test('PLAN-11 names checks, probes, approvals and soak', () => {
    const config = configOf('approval: { count: { low: 3 } }\nhealth: { soak: 1m }\n')
    const revisions = { ...noRevisions, checks: ['lint'], probes: ['http://127.0.0.1/x'] }
    expect(rowsOf({ config, revisions })).toMatchObject({
      'Checks of round 2': [expect.any(String), expect.stringContaining('lint')],
      'Added probes': ['—', 'http://127.0.0.1/x'],
      Soak: ['10 min', '1 min'],
    })
  })

  test('PLAN-11 shortens long lists', () => {
    const dependencies = Array.from({ length: 30 }, (_, at) => ({ from: `d/${at}.ts`, to: 'src/1.ts', kind: 'import' }))
    expect(rowsOf({ dependencies })['Direct dependents']?.[1]).toMatch(/ and 20 more$/)
  })
})
