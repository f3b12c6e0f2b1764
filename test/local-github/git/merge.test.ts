import { expect, test } from 'vitest'

import { readCommit } from '../../../src/local-github/git/commits.ts'
import { mergeCommits, rebaseCommits, squashCommits } from '../../../src/local-github/git/merge.ts'
import { dropPullMerge, updatePullRefs } from '../../../src/local-github/git/pull-refs.ts'
import { readRef } from '../../../src/local-github/git/refs.ts'
import { ada, commitFiles, emptyRepository, git } from './fixture.ts'

const identity = { message: 'Merge', author: ada, committer: { ...ada, name: 'GitHub' } }

async function twoSides() {
  const repository = await emptyRepository()
  const root = await commitFiles(repository, [], { a: '1\n', b: '1\n' })
  const base = await commitFiles(repository, [root], { a: '2\n' })
  const first = await commitFiles(repository, [root], { b: '2\n' }, 'First')
  const head = await commitFiles(repository, [first], { c: '1\n' }, 'Second')
  const conflicting = await commitFiles(repository, [root], { a: '3\n' })
  return { repository, root, base, first, head, conflicting }
}

test('a merge has both parents and both changes', async () => {
  const { repository, base, head } = await twoSides()
  const merged = await mergeCommits(repository, base, head, identity)
  if (!merged.ok) throw new Error(merged.reason)
  expect(await readCommit(repository, merged.sha)).toMatchObject({
    parents: [base, head],
    tree: merged.tree,
    committer: { name: 'GitHub' },
  })
  expect(await git(repository, 'ls-tree', '--name-only', merged.sha)).toBe('a\nb\nc')
  expect(await git(repository, 'show', `${merged.sha}:a`)).toBe('2')
})

test('a squash is one commit on base with the same tree as the merge', async () => {
  const { repository, base, head } = await twoSides()
  const merged = await mergeCommits(repository, base, head, identity)
  const squashed = await squashCommits(repository, base, head, identity)
  if (!merged.ok || !squashed.ok) throw new Error('conflict')
  expect(squashed.tree).toBe(merged.tree)
  expect((await readCommit(repository, squashed.sha))?.parents).toEqual([base])
})

test('a rebase makes each commit again with its author and message, leaves merges and empty ones out', async () => {
  const { repository, root, base, first, head } = await twoSides()
  const same = await commitFiles(repository, [head], { a: '2\n' }, 'Same as base')
  const side = await mergeCommits(
    repository,
    same,
    await commitFiles(repository, [root], { d: '1\n' }, 'Side'),
    identity,
  )
  if (!side.ok) throw new Error(side.reason)
  const rebased = await rebaseCommits(repository, base, side.sha, identity.committer)
  if (!rebased.ok) throw new Error(rebased.reason)
  const log = await git(repository, 'log', '--format=%s|%an|%cn|%P', `${base}..${rebased.sha}`)
  const made = log.split('\n').map((line) => line.split('|'))
  expect(new Set(made.map(([subject]) => subject))).toEqual(new Set(['First', 'Second', 'Side']))
  expect(made.every(([, author, committer]) => author === 'Ada' && committer === 'GitHub')).toBe(true)
  expect(made.every(([, , , parents]) => parents?.split(' ').length === 1)).toBe(true)
  expect(rebased.commits).toHaveLength(3)
  expect(await git(repository, 'rev-parse', `${rebased.sha}^{tree}`)).toBe(rebased.tree)
  expect(await git(repository, 'show', `${rebased.sha}:d`)).toBe('1')
  expect(first).not.toBe(rebased.commits[0])
})

test('a conflict names the files and makes nothing', async () => {
  const { repository, base, conflicting, root } = await twoSides()
  const refusal = { ok: false, reason: 'conflict', paths: ['a'] }
  expect(await mergeCommits(repository, base, conflicting, identity)).toEqual(refusal)
  expect(await squashCommits(repository, base, conflicting, identity)).toEqual(refusal)
  expect(await rebaseCommits(repository, base, conflicting, ada)).toEqual(refusal)
  const unrelated = await commitFiles(repository, [], { z: '1' })
  expect(await mergeCommits(repository, root, unrelated, identity)).toEqual({ ...refusal, paths: [] })
})

test('the refs of a pull request follow it, and its trial merge is stable', async () => {
  const { repository, root, base, first, head, conflicting } = await twoSides()
  const at = async (name: string) => (await readRef(repository, `refs/pull/7/${name}`))?.sha ?? null
  const opened = await updatePullRefs(repository, { number: 7, base, head: first, identity })
  expect(opened).toMatchObject({ head: first, conflicts: [] })
  expect(await at('head')).toBe(first)
  expect((await readCommit(repository, opened.merge ?? ''))?.parents).toEqual([base, first])
  const later = { ...identity, message: 'Other', committer: { ...ada, date: '2026-02-02T00:00:00Z' } }
  expect((await updatePullRefs(repository, { number: 7, base, head: first, identity: later })).merge).toBe(opened.merge)
  const moved = await updatePullRefs(repository, { number: 7, base, head, identity })
  expect(moved.merge).not.toBe(opened.merge)
  expect(await updatePullRefs(repository, { number: 7, base, head: conflicting, identity })).toEqual({
    head: conflicting,
    merge: null,
    conflicts: ['a'],
  })
  expect(await at('merge')).toBeNull()
  await updatePullRefs(repository, { number: 7, base: root, head, identity })
  await dropPullMerge(repository, 7)
  await dropPullMerge(repository, 7)
  expect([await at('merge'), await at('head')]).toEqual([null, head])
})
