import { describe, expect, it } from 'vitest'
import type { CheckRun, ExpectedChecks } from '../../src/model.ts'
import { foldRun, judgeChecks, type CheckFacts } from '../../src/policy/checks.ts'

// "REST API endpoints for check runs": every status and conclusion that GitHub documents, and one of each that it does not.
const STATUSES = ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending', 'brand_new']
const CONCLUSIONS = [
  null,
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'stale',
  'startup_failure',
  'timed_out',
  'brand_new',
]

const run = (name: string, more: Partial<CheckRun> = {}): CheckRun => ({
  id: 1,
  name,
  app: 'github-actions',
  suite: 1,
  status: 'completed',
  conclusion: 'success',
  startedAt: null,
  completedAt: null,
  url: 'https://github.example/run/1',
  ...more,
})
const named = (...names: string[]): ExpectedChecks => ({ mode: 'named', names, workflows: 0 })
const all = (workflows = 0, ...names: string[]): ExpectedChecks => ({ mode: 'all', names, workflows })

function judge(expected: ExpectedChecks, runs: CheckRun[], more: Partial<CheckFacts> = {}) {
  const times = { since: 0, now: 1_000, appears: 60_000, timeout: 600_000 }
  const verdict = judgeChecks({
    gate: 'round1',
    expected,
    runs,
    trusted: ['github-actions'],
    ...times,
    ...more,
  })
  return `${verdict.verdict}: ${verdict.findings.map((finding) => finding.rule).join(', ')}`
}

describe('foldRun', () => {
  it('GATE-4 answers every pair of GitHub’s statuses and conclusions; what is unknown fails', () => {
    for (const status of STATUSES) {
      for (const conclusion of CONCLUSIONS) {
        const expected =
          status === 'completed'
            ? ['success', 'neutral', 'skipped'].includes(conclusion ?? '')
              ? 'pass'
              : 'fail'
            : status === 'brand_new'
              ? 'fail'
              : 'wait'
        expect([status, conclusion, foldRun({ status, conclusion })]).toEqual([status, conclusion, expected])
      }
    }
  })
})

describe('judgeChecks', () => {
  it('GATE-4 gives a reason for each of those pairs that does not pass', () => {
    for (const status of STATUSES) {
      for (const conclusion of CONCLUSIONS) {
        const one = run('build', { status, conclusion })
        const judged = judge(named('build'), [one])
        const reasons = { pass: /^pass: $/, wait: /^wait: check-pending$/, fail: /^fail: check-(failed|unknown)$/ }
        expect(judged).toMatch(reasons[foldRun(one)])
      }
    }
    expect(judge(named('build'), [run('build', { conclusion: 'brand_new' })])).toBe('fail: check-unknown')
    expect(judge(named('build'), [run('build', { status: 'brand_new' })])).toBe('fail: check-unknown')
  })

  it('GATE-4 counts only runs of trusted apps, and never its own', () => {
    const strange = run('build', { app: 'somebody' })
    expect(judge(named('build'), [strange])).toBe('wait: check-pending')
    expect(judge(named('build'), [strange], { now: 60_000 })).toBe('fail: check-missing')
    expect(judge(all(), [run('Pawl / round 1', { app: 'pawl', conclusion: 'failure' }), run('build')])).toBe('pass: ')
  })

  it('GATE-4 counts the newest attempt of a rerun, in either order of the list', () => {
    const failed = run('build', { id: 7, conclusion: 'failure' })
    const rerun = run('build', { id: 9 })
    expect(judge(named('build'), [failed, rerun])).toBe('pass: ')
    expect(judge(named('build'), [rerun, failed])).toBe('pass: ')
    const again = run('build', { id: 11, status: 'in_progress', conclusion: null })
    expect(judge(named('build'), [rerun, again])).toBe('wait: check-pending')
  })

  it('GATE-4 does not let a job of the same name in another workflow stand in', () => {
    const good = run('build', { id: 9, suite: 2 })
    const bad = run('build', { id: 7, suite: 1, conclusion: 'failure' })
    expect(judge(named('build'), [good, bad])).toBe('fail: check-failed')
  })

  it('GATE-4 takes missing for pending until it should have appeared', () => {
    expect(judge(named('build', 'test'), [run('build')])).toBe('wait: check-pending')
    expect(judge(named('build', 'test'), [run('build')], { now: 59_999 })).toBe('wait: check-pending')
    expect(judge(named('build', 'test'), [run('build')], { now: 60_000 })).toBe('fail: check-missing')
    expect(judge(all(2), [run('build')])).toBe('wait: check-pending')
    expect(judge(all(2), [run('build')], { now: 60_000 })).toBe('fail: check-missing')
    expect(judge(all(2), [run('build'), run('lint', { suite: 2 })])).toBe('pass: ')
  })

  it('GATE-4 takes nothing at all for no success, unless none is wanted', () => {
    expect(judge(all(), [])).toBe('wait: check-pending')
    expect(judge(all(), [], { now: 60_000 })).toBe('fail: checks-none')
    expect(judge(named(), [run('build')], { now: 60_000 })).toBe('fail: checks-none')
    expect(judge({ mode: 'none', names: [], workflows: 0 }, [run('build', { conclusion: 'failure' })])).toBe('pass: ')
  })

  it('GATE-5 fails what is still running when the time is up', () => {
    const running = run('build', { status: 'in_progress', conclusion: null })
    expect(judge(named('build'), [running], { now: 599_999 })).toBe('wait: check-pending')
    expect(judge(named('build'), [running], { now: 600_000 })).toBe('fail: check-timed-out')
    expect(judge(named('build'), [], { now: 600_000, appears: 9_000_000 })).toBe('fail: check-missing')
  })

  it('reports every failing check, the missing ones too', () => {
    const runs = [run('a', { conclusion: 'failure' }), run('b', { conclusion: 'timed_out' }), run('c')]
    expect(judge(named('a', 'b', 'c', 'd'), runs, { now: 60_000 })).toBe(
      'fail: check-failed, check-failed, check-missing',
    )
    expect(judge(named('c'), runs)).toBe('pass: ')
    expect(judge(all(), runs)).toBe('fail: check-failed, check-failed')
  })
})
