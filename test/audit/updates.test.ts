import { afterAll, beforeAll, expect, test } from 'vitest'
import { updates as updatesIn, type Opening, type Updates } from '../../src/audit/updates.ts'
import type { Json } from '../../src/model.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let updates: Updates
beforeAll(async () => {
  database = await testDatabase()
  updates = updatesIn(database.pool)
})
afterAll(() => database.drop())

let causes = 0
const at = '2026-05-01T10:00:00.000Z'
const opening = (repo: string, issue: number, more: Partial<Opening> = {}): Opening => {
  const codename = (taken: number) => `${repo}-${issue}${taken === 0 ? '' : `-${taken}`}`
  return {
    repo,
    issue,
    installation: 9_007_199_254_740_991,
    requester: 'ann',
    title: 'Change it',
    at,
    cause: `webhook ${++causes}`,
    codename,
    state: () => ({}),
    ...more,
  }
}

test('an issue has one open update, whoever opens it and however many at once', async () => {
  const opened = await Promise.all(Array.from({ length: 8 }, () => updates.open(opening('a/one', 1))))
  expect(opened.filter(({ created }) => created)).toHaveLength(1)
  expect(new Set(opened.map(({ update }) => update.codename))).toEqual(new Set(['a/one-1']))
  expect(opened[0]?.update).toMatchObject({
    repo: 'a/one',
    issue: 1,
    attempt: 1,
    installation: 9_007_199_254_740_991,
    phase: 'processing',
    outcome: null,
    createdAt: at,
  })
})

test('asking twice for the same reason opens one attempt, also when that is over by then', async () => {
  const state = ({ attempt, codename }: { attempt: number; codename: string }) => ({ request: { attempt, codename } })
  const first = await updates.open(opening('a/cause', 1, { cause: 'delivery a', state }))
  expect(first.update.state).toMatchObject({ request: { attempt: 1, codename: 'a/cause-1' } })
  await updates.advance('a/cause-1', { outcome: 'refused' })
  const again = await updates.open(opening('a/cause', 1, { cause: 'delivery a', state }))
  expect(again).toMatchObject({ created: false, update: { attempt: 1, outcome: 'refused' } })
  expect(await updates.byCause('a/cause', 1, 'delivery a')).toEqual(again.update)
  expect(await updates.byCause('a/cause', 1, 'delivery b')).toBeNull()

  const other = await updates.open(opening('a/cause', 1, { cause: 'delivery b', codename: () => 'b' }))
  expect(other).toMatchObject({ created: true, update: { attempt: 2 } })
})

test('after its end the same issue opens the next attempt', async () => {
  const { update } = await updates.open(opening('a/two', 1))
  await updates.advance(update.codename, { outcome: 'failed' })
  const again = await updates.open(opening('a/two', 1))
  expect(again).toMatchObject({ created: true, update: { attempt: 2 } })
  expect(await updates.byIssue('a/two', 1)).toEqual(again.update)
  expect((await updates.byCodename(update.codename))?.outcome).toBe('failed')
})

test('SNAP-1 a codename is given once only: the next proposal is asked for when one is taken', async () => {
  const first = await updates.open(opening('a/names', 1, { codename: () => 'brave-otter' }))
  expect(first.update.codename).toBe('brave-otter')
  const asked: number[] = []
  const codename = (taken: number) => {
    asked.push(taken)
    return taken < 2 ? 'brave-otter' : 'calm-lynx'
  }
  const second = await updates.open(opening('a/names', 2, { codename }))
  expect(second.update.codename).toBe('calm-lynx')
  expect(asked).toEqual([0, 1, 2])
  await expect(updates.open(opening('a/names', 3, { codename: () => 'calm-lynx' }))).rejects.toThrow(
    /No codename is free/,
  )
})

test('a phase keeps its beginning until another begins, and the state grows key by key', async () => {
  const { update } = await updates.open(opening('a/phases', 1, { title: 'NUL \0 here' }))
  expect(update.title).toBe('NUL \uFFFD here')
  const to = (minute: number, more: Parameters<Updates['advance']>[1]) =>
    updates.advance(update.codename, { at: `2026-05-01T10:0${minute}:00.000Z`, ...more })
  await to(1, { phase: 'planning', state: { a: 1, b: { x: 1 } } })
  await to(2, { phase: 'planning', state: { b: { y: 2 } } })
  const after = await to(3, { stage: 'deliver' })
  expect(after).toMatchObject({ stage: 'deliver', phase: 'planning', phaseSince: '2026-05-01T10:01:00.000Z' })
  expect(after).toMatchObject({ updatedAt: '2026-05-01T10:03:00.000Z', state: { a: 1, b: { y: 2 } } })
  expect((await to(4, { phase: 'soak' })).phaseSince).toBe('2026-05-01T10:04:00.000Z')
  await expect(updates.advance('nobody', {})).rejects.toThrow('There is no update named nobody.')
})

test('one part of the state of updates that succeeded is read by itself, of one repository or of all, newest first', async () => {
  const end = async (repo: string, issue: number, outcome: 'succeeded' | 'failed', state: { [key: string]: Json }) => {
    const { update } = await updates.open(opening(repo, issue))
    await updates.advance(update.codename, { outcome, state })
  }
  await end('a/parts', 1, 'succeeded', { part: { n: 1 } })
  await end('a/parts', 2, 'failed', { part: { n: 2 } })
  await end('a/parts', 3, 'succeeded', { part: null })
  await end('a/parts', 4, 'succeeded', { part: { n: 4 } })
  await end('b/parts', 1, 'succeeded', { part: { n: 5 } })
  const read = async (of: { repo?: string; limit: number }) =>
    (await updates.succeeded('part', of)).map(({ repo, value }) => [repo, value])
  expect(await read({ repo: 'a/parts', limit: 9 })).toEqual([
    ['a/parts', { n: 4 }],
    ['a/parts', { n: 1 }],
  ])
  expect((await read({ limit: 2 })).map(([repo]) => repo)).toEqual(['b/parts', 'a/parts'])
})

test('open and finished updates are listed apart, and all of them page by page', async () => {
  const names: string[] = []
  for (const issue of [1, 2, 3, 4]) names.push((await updates.open(opening('a/list', issue))).update.codename)
  const [one = '', two = '', three = '', four = ''] = names
  await updates.advance(two, { outcome: 'succeeded' })
  await updates.advance(three, { outcome: 'cleared' })
  const of = (rows: { codename: string }[]) => rows.map(({ codename }) => codename)
  expect(of(await updates.active('a/list'))).toEqual([one, four])
  expect(await updates.countActive('a/list')).toBe(2)
  expect(of(await updates.finished('a/list', 10))).toEqual([three, two])
  expect(of(await updates.finished('a/list', 1))).toEqual([three])
  expect(of(await updates.active())).toEqual(expect.arrayContaining([one, four, 'a/one-1']))
  const page = await updates.list({ limit: 3 })
  expect(of(page)).toEqual([four, three, two])
  const before = page.at(-1)?.position ?? 0
  expect(of(await updates.list({ limit: 1, before }))).toEqual([one])
})
