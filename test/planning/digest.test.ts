import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planDigest } from '../../src/planning/digest.ts'
import { createPlan } from '../../src/planning/plan.ts'
import { factsOf, sha256 } from './fixtures.ts'
import { mutationOf } from './mutations.ts'

const plan = createPlan(factsOf(), sha256)

/** The same value with the keys of every object in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, shuffled(inner)]),
  )
}

describe('PLAN-12 the digest of a plan', () => {
  test('PLAN-12 is 64 hexadecimal digits and the same for the same facts', () => {
    expect(plan.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(createPlan(factsOf(), sha256)).toEqual(plan)
  })

  test('PLAN-12 does not depend on the order of keys, nor on the digest that the plan carries', () => {
    expect(planDigest(shuffled(plan) as typeof plan, sha256)).toBe(plan.digest)
  })

  test('PLAN-12 is another one when anything in the plan is another', () => {
    const { digest, ...bound } = plan
    fc.assert(
      fc.property(mutationOf(bound), ({ mutated }) => {
        expect(planDigest(mutated, sha256)).not.toBe(digest)
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['the issue’s text', { request: { ...factsOf().request, body: 'Other words.' } }],
    ['an answer', { request: { ...factsOf().request, answers: ['More.'] } }],
    ['the base commit', { base: { ...factsOf().base, commit: '9'.repeat(40) } }],
    ['the configuration', { config: { ...factsOf().config, theme: 'space' as const } }],
    ['the revision', { revision: 2 }],
  ])('PLAN-12 is another one when %s moved', (_, facts) => {
    expect(createPlan(factsOf(facts), sha256).digest).not.toBe(plan.digest)
  })
})
