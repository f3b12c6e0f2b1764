import { describe, expect, test } from 'vitest'
import { planAccuracy } from '../../src/planning/accuracy.ts'
import { calibration } from '../../src/planning/calibration.ts'
import type { FinishedUpdate } from '../../src/planning/facts.ts'
import { createPlan } from '../../src/planning/plan.ts'
import { factsOf, sha256 } from './fixtures.ts'

const plan = createPlan(factsOf(), sha256)
const { p50, p90 } = plan.resources.estimate

describe('PLAN-14 predicted against actual', () => {
  test.each([
    [['src/greet.ts'], 1, 1],
    [['src/greet.ts', 'src/more.ts'], 1, 0.5],
    [['src/more.ts'], 0, 0],
    [[], 0, null],
  ])('PLAN-14 of one predicted file, %j has the precision %d and the recall %j', (files, precision, recall) => {
    expect(planAccuracy(plan, { files, tasks: 1, ms: 1 }).files).toMatchObject({ precision, recall })
  })

  test('PLAN-14 a plan with a task in words foretells no whole list of files, so it has no recall', () => {
    const [task] = plan.tasks
    if (task === undefined) throw new Error('no task')
    const open = { ...plan, tasks: [task, { ...task, id: 2, exact: false, changes: [] }] }
    const { files } = planAccuracy(open, { files: ['src/greet.ts', 'src/more.ts'], tasks: 2, ms: 1 })
    expect(files).toMatchObject({ precision: 1, recall: null })
  })

  test.each([
    [p90, true],
    [p90 + 1, false],
  ])('PLAN-14 %d ms is within the P90: %s', (ms, withinP90) => {
    const { duration, tasks } = planAccuracy(plan, { files: [], tasks: 2, ms })
    expect(duration).toEqual({ p50, p90, actual: ms, withinP90 })
    expect(tasks).toEqual({ predicted: 1, actual: 2 })
  })
})

describe('PLAN-14 calibration over time', () => {
  const finished = (at: string, ms: number): FinishedUpdate => ({
    codename: `u${at}`,
    at,
    size: 'small',
    tasks: [],
    phases: [],
    predicted: { p50: 100, p90: 200, files: ['a', 'b'], tasks: 1 },
    actual: { ms, files: ['a'], tasks: 1 },
  })

  test('PLAN-14 says how often the P90 held, and the error of each, oldest first', () => {
    expect(calibration([finished('3', 300), finished('1', 100), finished('2', 150)])).toEqual({
      updates: 3,
      withinP90: 2 / 3,
      medianError: 0.5,
      precision: 0.5,
      recall: 1,
      overTime: [
        { codename: 'u1', at: '1', error: 0, withinP90: true },
        { codename: 'u2', at: '2', error: 0.5, withinP90: true },
        { codename: 'u3', at: '3', error: 2, withinP90: false },
      ],
    })
  })

  test('PLAN-14 has nothing to say before the first update', () => {
    expect(calibration([])).toEqual({
      updates: 0,
      withinP90: null,
      medianError: null,
      precision: null,
      recall: null,
      overTime: [],
    })
  })
})
