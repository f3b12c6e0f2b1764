import { expect, test } from 'vitest'
import { successByWeek } from '../../src/policy/success.ts'

const count = (week: string, outcome: Parameters<typeof successByWeek>[0][number]['outcome'], updates: number) => ({
  week,
  outcome,
  updates,
  tookMs: 60_000 * updates,
})

test('MON-4 success is the share of the updates that were carried out, week by week', () => {
  const counts = [
    count('2026-11-16', 'succeeded', 6),
    count('2026-11-16', 'failed', 1),
    count('2026-11-16', 'rolled-back', 2),
    count('2026-11-16', 'rollback-failed', 1),
    count('2026-11-16', 'rejected', 3),
    count('2026-11-16', 'needs-info', 2),
    count('2026-11-09', 'cancelled', 1),
  ]
  expect(successByWeek(counts)).toEqual([
    { week: '2026-11-16', succeeded: 6, failed: 2, rolledBack: 2, notCarriedOut: 5, success: 0.6, tookMs: 360_000 },
    { week: '2026-11-09', succeeded: 0, failed: 0, rolledBack: 0, notCarriedOut: 1, success: null, tookMs: null },
  ])
  expect(successByWeek([])).toEqual([])
})
