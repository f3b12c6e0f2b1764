import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { taskEstimate } from '../../src/planning/estimate.ts'
import type { FinishedUpdate } from '../../src/planning/facts.ts'
import { createPlan } from '../../src/planning/plan.ts'
import { inWords, quantile } from '../../src/planning/spans.ts'
import { configOf, draft, factsOf, sha256 } from './fixtures.ts'

const finished = (ms: number, size: FinishedUpdate['size'] = 'small'): FinishedUpdate => ({
  codename: 'x',
  at: '2026-01-01',
  size,
  tasks: [{ kind: 'diff', agent: 'patch', ms }],
  phases: (['snapshot', 'round 1', 'merging', 'round 2', 'deploying'] as const).map((name) => ({
    name,
    ms,
  })),
  predicted: { p50: 1, p90: 1, files: [], tasks: 1 },
  actual: { ms: 6 * ms, files: [], tasks: 1 },
})
const estimate = (facts: Parameters<typeof factsOf>[0]) =>
  createPlan(factsOf({ config: configOf('health: { soak: 0s }'), ...facts }), sha256).resources.estimate

describe('PLAN-8 estimates', () => {
  test('PLAN-8 come from this repository’s finished updates once there are some', () => {
    const history = [100, 100, 100, 100, 100, 100].map((ms) => finished(ms))
    expect(estimate({ history })).toEqual({ p50: 600, p90: 600, basis: '6 finished small updates' })
  })

  test('PLAN-8 look at updates of the same size where there are enough', () => {
    const history = [finished(100), finished(100), finished(100), finished(9_000, 'large')]
    expect(estimate({ history }).p50).toBeLessThan(900)
    expect(estimate({ history: history.slice(2) }).basis).toBe('2 finished updates')
  })

  test('PLAN-8 have a wider P90 while there are few samples', () => {
    const few = estimate({ history: [finished(100)] })
    expect(few.p90).toBeGreaterThan(few.p50)
  })

  test('PLAN-8 come from the durations of checks before there are finished updates', () => {
    const without = estimate({})
    const slow = [1, 2, 3, 4, 5].map(() => ({ name: 'test', ms: 3_600_000 }))
    const with_ = estimate({ checkDurations: slow })
    expect(without.basis).toMatch(/^defaults/)
    expect(with_.basis).toMatch(/^5 checks/)
    expect(with_.p50 - without.p50).toBeGreaterThan(6_000_000)
  })

  test('PLAN-8 take the time limit of an agent that nothing is known of', () => {
    const config = configOf(
      'agents: [{ use: recipe, name: format, run: [x], timeout: 3m }, { use: human, timeout: 2d }]',
    )
    const of = (agent: string, kind: 'recipe' | 'words') => {
      const source =
        kind === 'recipe' ? ({ kind, recipe: 'format' } as const) : ({ kind, text: 'x', trust: 'maintainer' } as const)
      return taskEstimate(draft(1, { agent, source }), { history: [], checkDurations: [], config }).p90
    }
    expect(of('format', 'recipe')).toBe(180_000)
    expect(of('human', 'words')).toBe(2 * 86_400_000)
  })

  test('PLAN-8 the P90 is never below the P50', () => {
    const updates = fc.array(
      fc.nat({ max: 10_000_000 }).map((ms) => finished(ms)),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(updates, fc.array(fc.nat({ max: 10_000_000 })), (history, durations) => {
        const { p50, p90 } = estimate({ history, checkDurations: durations.map((ms) => ({ name: 'test', ms })) })
        expect(p90).toBeGreaterThanOrEqual(p50)
        expect(Number.isSafeInteger(p50) && Number.isSafeInteger(p90)).toBe(true)
      }),
    )
  })
})

test.each([
  [[1], 0.9, 1],
  [[3, 1, 2], 0.5, 2],
  [[10, 1, 2, 3, 4, 5, 6, 7, 8, 9], 0.9, 9],
])('the quantile of %j at %d is %d', (samples, share, value) => {
  expect(quantile(samples, share)).toBe(value)
})

test.each([
  [400, '400 ms'],
  [90_000, '90 s'],
  [60_000, '1 min'],
  [600_000, '10 min'],
  [86_400_000, '1 d'],
  [100_000_000, '28 h'],
  [604_800_000, '7 d'],
])('%d ms are %s', (ms, words) => {
  expect(inWords(ms)).toBe(words)
})
