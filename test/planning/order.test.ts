import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inOrder, needsOf } from '../../src/planning/order.ts'

const item = fc.record({
  id: fc.nat({ max: 40 }),
  paths: fc.option(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 3 })),
})
const items = fc.uniqueArray(item, { selector: ({ id }) => id, maxLength: 15 })

/** Every earlier item that can be come to over needs. */
function closure(needs: Map<number, number[]>, id: number): Set<number> {
  const found = new Set<number>()
  const open = [...(needs.get(id) ?? [])]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!found.has(next)) open.push(...(needs.get(next) ?? []))
    found.add(next)
  }
  return found
}

function meet(one: string[] | null, other: string[] | null): boolean {
  return one === null || other === null || one.some((path) => other.includes(path))
}

describe('PLAN-5 the order of tasks', () => {
  test('PLAN-5 needs point only to earlier tasks, so the order is topological and has no cycles', () => {
    fc.assert(
      fc.property(items, (all) => {
        const needs = needsOf(all)
        const place = new Map(all.map(({ id }, at) => [id, at]))
        for (const [id, theirs] of needs) {
          for (const need of theirs) expect(place.get(need)).toBeLessThan(place.get(id) ?? -1)
          expect(closure(needs, id).has(id)).toBe(false)
        }
      }),
    )
  })

  test('PLAN-5 two tasks that touch one path, or may touch anything, never run beside each other', () => {
    fc.assert(
      fc.property(items, (all) => {
        const needs = needsOf(all)
        const beside = all.flatMap((later, at) => {
          const before = closure(needs, later.id)
          return all.slice(0, at).filter((earlier) => meet(earlier.paths, later.paths) && !before.has(earlier.id))
        })
        expect(beside).toEqual([])
      }),
    )
  })

  test('PLAN-5 no need is stated that follows from another', () => {
    fc.assert(
      fc.property(items, (all) => {
        const needs = needsOf(all)
        for (const theirs of needs.values()) {
          for (const need of theirs) {
            expect(theirs.some((other) => other !== need && closure(needs, other).has(need))).toBe(false)
          }
        }
      }),
    )
  })

  test('PLAN-11 a revised order keeps every task once, the named ones first', () => {
    fc.assert(
      fc.property(items, fc.array(fc.nat({ max: 40 }), { maxLength: 10 }), (all, order) => {
        const ids = inOrder(all, order).map(({ id }) => id)
        expect(new Set(ids)).toEqual(new Set(all.map(({ id }) => id)))
        expect(ids).toHaveLength(all.length)
        const named = [...new Set(order)].filter((id) => ids.includes(id))
        expect(ids.slice(0, named.length)).toEqual(named)
        const others = all.map(({ id }) => id).filter((id) => !named.includes(id))
        expect(ids.slice(named.length)).toEqual(others)
      }),
    )
  })
})
