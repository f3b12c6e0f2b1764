import { expect, test } from 'vitest'
import { judgeOwners, type OwnedFacts } from '../../src/policy/owners.ts'

const owned = [
  { path: 'src/a.ts', owners: ['@Ann', '@acme/keepers'] },
  { path: 'src/b.ts', owners: ['@bob'] },
]
const judge = (facts: Partial<OwnedFacts>) =>
  judgeOwners({ owned, approvals: [], needed: 0, ...facts }).map(({ message }) => message)
const by = (login: string, ...teams: string[]) => ({ login, teams })

test('GATE1-3 each owned path needs the approval of one of its owners, as a person or through a team', () => {
  expect(judge({})).toEqual([
    'No owner (@Ann, @acme/keepers) has approved src/a.ts yet.',
    'No owner (@bob) has approved src/b.ts yet.',
  ])
  expect(judge({ approvals: [by('ann')] })).toEqual(['No owner (@bob) has approved src/b.ts yet.'])
  expect(judge({ approvals: [by('mia', 'acme/keepers'), by('bob')] })).toEqual([])
})

test('GATE1-3 the reviews that the branch requires are counted besides', () => {
  const approvals = [by('ann'), by('bob')]
  expect(judge({ approvals, needed: 2 })).toEqual([])
  expect(judge({ approvals, needed: 3 })).toEqual(['2 of 3 required reviews approve this head.'])
})

test('GATE1-3 an owner who is only an address of mail can approve nothing', () => {
  expect(judge({ owned: [{ path: 'a', owners: ['ann@acme.example'] }], approvals: [by('ann')] })).toHaveLength(1)
})
