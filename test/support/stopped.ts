import { expect } from 'vitest'
import type { Place } from './world.ts'

/** The rules of the findings that an update ended with. */
export const rulesOf = async (shop: Place, issue: number) => (await shop.record(issue)).findings.map(({ rule }) => rule)

/** Nothing is merged, the pull request is closed, and the own check on its head says why (GATE1-5). */
export async function expectStopped(shop: Place, issue: number, before: { commit: string }, why: RegExp) {
  expect((await shop.over(issue)).outcome).toBe('failed')
  expect((await shop.head()).commit).toBe(before.commit)
  const { progress } = await shop.record(issue)
  const { data: pull } = await shop.as('ann').pulls.get({ ...shop.at, pull_number: progress?.pull ?? 0 })
  expect(pull).toMatchObject({ state: 'closed', merged: false })
  const { data } = await shop.as('ann').checks.listForRef({
    ...shop.at,
    ref: pull.head.sha,
    check_name: 'Pawl / round 1',
  })
  expect(data.check_runs).toMatchObject([{ conclusion: 'failure' }])
  expect(data.check_runs[0]?.output.summary).toMatch(why)
  expect(await shop.refs('heads/')).toEqual(['refs/heads/main'])
}
