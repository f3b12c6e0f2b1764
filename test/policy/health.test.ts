import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProbeSample } from '../../src/model.ts'
import { judgeHealth, type HealthFacts } from '../../src/policy/health.ts'

function samples(answers: (number | 'down')[], probe = 'web'): ProbeSample[] {
  return answers.map((answer, at) => ({
    probe,
    at: new Date(at * 1_000).toISOString(),
    ok: answer !== 'down',
    ms: answer === 'down' ? 2_000 : answer,
    detail: answer === 'down' ? '503' : '200',
  }))
}
const steady = (ms: number, count = 20) => samples(Array.from({ length: count }, () => ms))
const after: HealthFacts = {
  baseline: steady(100),
  samples: steady(100),
  probes: ['web'],
  soak: 60_000,
  margin: 0.2,
  failures: 3,
  inconclusive: 'hold',
  since: 0,
  now: 60_000,
}
function judge(more: Partial<HealthFacts>) {
  const { verdict, findings } = judgeHealth({ ...after, ...more })
  return `${verdict}: ${findings.map((finding) => finding.rule).join(', ')}`
}

describe('judgeHealth', () => {
  it('MON-2 waits for the end of the soak, and passes what is no worse than before', () => {
    expect(judge({ now: 59_999 })).toBe('wait: ')
    expect(judge({})).toBe('pass: ')
  })

  it('MON-2 fails at once after so many failures in a row', () => {
    expect(judge({ now: 5_000, samples: samples([9, 'down', 'down', 'down', 9]) })).toBe('fail: not-healthy')
    expect(judge({ now: 5_000, samples: samples(['down', 'down', 9, 'down', 'down']) })).toBe('wait: ')
    expect(judge({ failures: 1, now: 1_000, samples: samples(['down']) })).toBe('fail: not-healthy')
  })

  it('MON-2 does not mix the failures of different probes', () => {
    const mixed = [...samples(['down', 'down'], 'web'), ...samples(['down', 9, 9], 'api'), ...samples([9], 'web')]
    const baseline = [...steady(9), ...samples([9, 9, 9], 'api')]
    expect(judge({ probes: ['web', 'api'], samples: mixed, baseline, margin: 1 })).toBe('pass: ')
  })

  it('MON-2 fails when more samples fail than before, beyond the margin', () => {
    const flaky = samples(Array.from({ length: 20 }, (_, at) => (at % 4 === 0 ? 'down' : 100)))
    expect(judge({ samples: flaky })).toBe('fail: health-worse')
    expect(judge({ samples: flaky, baseline: flaky })).toBe('pass: ')
    expect(judge({ samples: flaky, margin: 0.3 })).toBe('pass: ')
  })

  it('MON-2 fails when the latency is worse beyond the margin, by the median or by the slow end', () => {
    expect(judge({ baseline: steady(500), samples: steady(599) })).toBe('pass: ')
    expect(judge({ baseline: steady(500), samples: steady(601) })).toBe('fail: health-worse, health-worse')
    const tail = samples(Array.from({ length: 40 }, (_, at) => (at % 8 === 0 ? 900 : 100)))
    expect(judge({ samples: tail })).toBe('fail: health-worse')
    expect(judge({ samples: samples([100, 100, 900]) })).toBe('pass: ')
  })

  it('takes differences of a few milliseconds for noise, whatever the percentage', () => {
    expect(judge({ baseline: steady(2), samples: steady(40) })).toBe('pass: ')
  })

  it('MON-2 has a third answer when too little was measured, and does with it what is configured', () => {
    const few = { samples: samples([100, 100]) }
    expect(judge(few)).toBe('inconclusive: health-inconclusive')
    expect(judge({ ...few, inconclusive: 'pass' })).toBe('pass: health-inconclusive')
    expect(judge({ ...few, inconclusive: 'rollback' })).toBe('fail: health-inconclusive')
    expect(judge({ samples: [] })).toBe('inconclusive: health-inconclusive')
  })

  it('judges failures alone where there is no baseline, and says so', () => {
    expect(judge({ baseline: [] })).toBe('pass: health-inconclusive')
    const flaky = samples(Array.from({ length: 20 }, (_, at) => (at % 4 === 0 ? 'down' : 100)))
    expect(judge({ baseline: [], samples: flaky })).toBe('fail: health-worse, health-inconclusive')
  })

  it('passes without a probe and says that nothing was measured', () => {
    expect(judge({ probes: [], samples: [] })).toBe('pass: no-probes')
  })

  it('answers whatever the numbers are', () => {
    const sample = fc.record({
      probe: fc.constantFrom('web', 'api', '__proto__'),
      at: fc.string(),
      ok: fc.boolean(),
      ms: fc.double(),
      detail: fc.string(),
    })
    const facts = fc.record({
      baseline: fc.array(sample),
      samples: fc.array(sample),
      probes: fc.subarray(['web', 'api', '__proto__']),
      soak: fc.double(),
      margin: fc.double(),
      failures: fc.integer({ min: -1, max: 5 }),
      inconclusive: fc.constantFrom('hold', 'pass', 'rollback'),
      since: fc.double(),
      now: fc.double(),
    })
    fc.assert(
      fc.property(facts, (given) => {
        const { verdict, findings } = judgeHealth(given as HealthFacts)
        expect(['pass', 'fail', 'wait', 'inconclusive']).toContain(verdict)
        expect(verdict === 'fail' && findings.every((finding) => finding.severity !== 'error')).toBe(false)
      }),
    )
  })
})
