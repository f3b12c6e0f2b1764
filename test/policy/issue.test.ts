import { describe, expect, test } from 'vitest'
import { isSeenAsApproved, judgeWithdrawn } from '../../src/policy/issue.ts'
import type { IssueNow } from '../../src/model/issue-now.ts'

const now = Date.parse('2026-11-24T12:00:00Z')
const approved = { title: 'Change the price', body: 'to 2', label: 'pawl' }
const told = { title: approved.title, body: approved.body, state: 'open', labels: ['bug', 'pawl'] } as const
const at = (ms: number) => new Date(now + ms).toISOString()
const issue = (part: Partial<IssueNow>): IssueNow => ({ ...told, labels: [...told.labels], at: at(-1_000), ...part })

describe('PLAN-12 what a webhook tells of an issue stands for GitHub’s answer', () => {
  test.each<[string, IssueNow | null, boolean]>([
    ['of a second ago, as it was approved', issue({}), true],
    ['of a minute ago', issue({ at: at(-60_000) }), true],
    ['older than a minute', issue({ at: at(-60_001) }), false],
    ['of a clock that is a little ahead', issue({ at: at(5_000) }), true],
    ['of a clock so far ahead that its age is not known', issue({ at: at(5_001) }), false],
    ['at no time that can be read', issue({ at: 'yesterday' }), false],
    ['with another title', issue({ title: 'Change the prize' }), false],
    ['with another body', issue({ body: 'to 3' }), false],
    ['closed', issue({ state: 'closed' }), false],
    ['without the label', issue({ labels: ['bug'] }), false],
    ['never', null, false],
  ])('told %s', (_, seen, stands) => {
    expect(isSeenAsApproved(seen, approved, now)).toBe(stands)
  })
})

describe('an issue whose turn has come is judged anew', () => {
  test.each([
    ['open and labelled', issue({}), undefined],
    ['closed', issue({ state: 'closed' }), 'issue-closed'],
    ['without the label', issue({ labels: [] }), 'label-removed'],
    ['closed and without the label', issue({ state: 'closed', labels: [] }), 'issue-closed'],
  ])('%s', (_, seen, rule) => {
    expect(judgeWithdrawn(seen, approved.label)?.rule).toBe(rule)
  })
})
