import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/model.ts'
import { countApprovals, judgeDigest } from '../../src/policy/approval.ts'
import { judgeLock, parseLock, renderLock } from '../../src/policy/lock.ts'
import { judgeSlots, queuePlace } from '../../src/policy/queue.ts'
import { judgeRetry } from '../../src/policy/retry.ts'

describe('queuePlace', () => {
  const entry = (id: string, executing = false) => ({ id, codename: `name-${id}`, issue: 1, executing })

  it('QUEUE-4 says the position and whom it waits for', () => {
    const queue = [entry('a', true), entry('b'), entry('c')]
    expect(queuePlace(queue, 'c')).toMatchObject({ position: 3, of: 3, waitsFor: [{ id: 'a' }, { id: 'b' }] })
    expect(queuePlace(queue, 'a')).toEqual({ position: 1, of: 3, waitsFor: [] })
    expect(queuePlace(queue, 'z')).toBeNull()
  })

  it('QUEUE-4 puts the one being executed first wherever the list has it', () => {
    expect(queuePlace([entry('b'), entry('a', true)], 'b')?.waitsFor.map(({ id }) => id)).toEqual(['a'])
  })

  it('PRE-2 has room below the slots only', () => {
    expect(judgeSlots(9, 10).verdict).toBe('pass')
    expect(judgeSlots(10, 10).findings.map((finding) => finding.rule)).toEqual(['queue-full'])
  })
})

describe('countApprovals', () => {
  const by = (login: string, digest = 'd1') => ({ login, digest })

  it('PLAN-11 counts each person once', () => {
    const count = countApprovals([by('ann'), by('Ann'), by('bob')], 'd1', 2)
    expect(count).toMatchObject({ by: ['ann', 'bob'], missing: 0, verdict: { verdict: 'pass' } })
    expect(countApprovals([by('ann'), by('Ann')], 'd1', 2).verdict.verdict).toBe('wait')
  })

  it('PLAN-12 counts approvals of this digest only, and nothing is never enough', () => {
    expect(countApprovals([by('ann', 'd0')], 'd1', 1)).toMatchObject({ by: [], missing: 1 })
    expect(countApprovals([], 'd1', 0).verdict.verdict).toBe('wait')
  })

  it('PLAN-12 takes a beginning of the digest for it, and no other', () => {
    const digest = 'abcdef0123456789'
    expect(judgeDigest(null, digest).verdict).toBe('pass')
    expect(judgeDigest('abcdef0', digest).verdict).toBe('pass')
    for (const other of ['', 'abc', 'abcdef01234567890', `${digest}0`]) {
      expect(judgeDigest(other, digest).verdict).toBe('fail')
    }
    expect(judgeDigest('bcdef01', digest).findings.map((finding) => finding.rule)).toEqual(['digest-mismatch'])
  })
})

describe('the lock', () => {
  const record = { codename: 'calm-otter', instance: 'i-1', repo: 'o/r', since: '2026-05-01T12:00:00.000Z' }
  const since = Date.parse(record.since)
  const mine = { codename: 'calm-otter', repo: 'o/r' }

  it('QUEUE-5 reads back what it wrote, and nothing else', () => {
    expect(parseLock(renderLock(record))).toEqual(record)
    for (const text of ['', '{', '{}', 'Merge pull request', JSON.stringify({ ...record, since: 'yesterday' })]) {
      expect([text, parseLock(text)]).toEqual([text, null])
    }
  })

  it('QUEUE-5 tells its own lock from one that is held, and a stale one from both', () => {
    expect(judgeLock(null, mine, since, 1_000).state).toBe('free')
    expect(judgeLock({ ...record, instance: 'i-2' }, mine, since + 9_000, 1_000).state).toBe('mine')
    const other = { ...mine, codename: 'other' }
    expect(judgeLock(record, other, since + 1_000, 1_000).state).toBe('held')
    expect(judgeLock(record, other, since + 1_001, 1_000).state).toBe('stale')
    expect(judgeLock('unreadable', mine, since, 1_000)).toMatchObject({
      state: 'unreadable',
      finding: { rule: 'lock-held' },
    })
  })
})

describe('judgeRetry', () => {
  it('QUEUE-3 lets a failed or cleared update begin again, and neither a running nor a succeeded one', () => {
    const may: Outcome[] = [
      'failed',
      'rolled-back',
      'cleared',
      'cancelled',
      'expired',
      'blocked',
      'needs-info',
      'rejected',
    ]
    for (const outcome of may) expect([outcome, judgeRetry(outcome).verdict]).toEqual([outcome, 'pass'])
    for (const outcome of [null, 'succeeded', 'refused', 'rollback-failed'] as const) {
      expect([outcome, judgeRetry(outcome).verdict]).toEqual([outcome, 'fail'])
      expect(judgeRetry(outcome).findings[0]?.remedy).toBeTruthy()
    }
  })
})
