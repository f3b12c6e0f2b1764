import { describe, expect, it } from 'vitest'
import { judgeMergedTree, judgeMergeReady, type MergeFacts } from '../../src/policy/merge.ts'

const HEAD = '1'.repeat(40)
const BASE = '2'.repeat(40)
const ready: MergeFacts = {
  pull: { state: 'open', merged: false, head: HEAD },
  checkedHead: HEAD,
  baseNow: BASE,
  checkedBase: BASE,
  mergeTree: { ok: true, tree: '3'.repeat(40) },
  reviews: { needed: 0, approved: 0, changesRequested: [] },
  baseForcePushed: false,
}
function judge(more: Partial<MergeFacts>) {
  const { verdict, findings } = judgeMergeReady({ ...ready, ...more })
  return `${verdict}: ${findings.map((finding) => finding.rule).join(', ')}`
}

describe('judgeMergeReady', () => {
  it('GATE1-4 passes only the head and base that were checked', () => {
    expect(judge({})).toBe('pass: ')
    expect(judge({ pull: { ...ready.pull, head: '4'.repeat(40) } })).toBe('fail: head-moved')
    expect(judge({ baseNow: '4'.repeat(40) })).toBe('wait: base-moved')
    expect(judge({ baseNow: '4'.repeat(40), baseForcePushed: true })).toBe('fail: base-force-pushed')
    expect(judge({ mergeTree: { ok: false, conflicts: ['src/a.ts'] } })).toBe('fail: merge-conflict')
  })

  it('GATE1-3 waits for the reviews that are required, and a request for changes blocks', () => {
    expect(judge({ reviews: { needed: 2, approved: 1, changesRequested: [] } })).toBe('wait: review-missing')
    expect(judge({ reviews: { needed: 1, approved: 1, changesRequested: ['bob'] } })).toBe('fail: review-blocked')
  })

  it('knows a pull request that is closed, and one that is merged already', () => {
    expect(judge({ pull: { ...ready.pull, state: 'closed' } })).toBe('fail: pull-request-closed')
    const merged = { state: 'closed' as const, merged: true, head: HEAD }
    expect(judge({ pull: merged, baseNow: '4'.repeat(40) })).toBe('pass: ')
    expect(judge({ pull: { ...merged, head: '4'.repeat(40) } })).toBe('fail: head-moved')
  })

  it('names every reason at once', () => {
    const pull = { state: 'closed' as const, merged: false, head: '4'.repeat(40) }
    expect(judge({ pull, mergeTree: { ok: false, conflicts: [] } })).toBe(
      'fail: head-moved, pull-request-closed, merge-conflict',
    )
  })
})

describe('judgeMergedTree', () => {
  it('GATE2-1 wants the merged tree to be the one that round 1 checked', () => {
    expect(judgeMergedTree('a', 'a').verdict).toBe('pass')
    expect(judgeMergedTree('a', 'b').findings.map((finding) => finding.rule)).toEqual(['tree-mismatch'])
  })
})
