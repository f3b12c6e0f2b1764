import { expect, test } from 'vitest'

import { createTag } from '../../../src/local-github/git/objects.ts'
import { isAncestor, listRefs, readRef, resolveCommit, writeRefs } from '../../../src/local-github/git/refs.ts'
import { ada, commitFiles, emptyRepository, git } from './fixture.ts'

async function twoCommits() {
  const repository = await emptyRepository()
  const first = await commitFiles(repository, [], { a: '1' })
  const second = await commitFiles(repository, [first], { a: '2' })
  return { repository, first, second }
}

test('a ref is created, moved and deleted only from where it is believed to be', async () => {
  const { repository, first, second } = await twoCommits()
  const name = 'refs/heads/main'
  expect(await writeRefs(repository, { name, before: null, after: first })).toEqual({ ok: true })
  expect(await writeRefs(repository, { name, before: null, after: second })).toEqual({
    ok: false,
    reason: 'conflict',
    actual: first,
    message: 'refs/heads/main already exists',
  })
  expect(await writeRefs(repository, { name, before: second, after: first })).toMatchObject({ actual: first })
  expect(await writeRefs(repository, { name, before: first, after: second })).toEqual({ ok: true })
  expect(await writeRefs(repository, { name, before: first, after: null })).toMatchObject({ reason: 'conflict' })
  expect(await writeRefs(repository, { name, before: second, after: null })).toEqual({ ok: true })
  expect(await readRef(repository, name)).toBeNull()
  expect(await writeRefs(repository, { name, before: first, after: second })).toMatchObject({
    actual: null,
    message: 'refs/heads/main does not exist',
  })
})

test('of several refs all are written or none', async () => {
  const { repository, first, second } = await twoCommits()
  await writeRefs(repository, { name: 'refs/heads/main', before: null, after: first })
  const written = await writeRefs(
    repository,
    { name: 'refs/heads/new', before: null, after: second },
    { name: 'refs/heads/main', before: second, after: first },
  )
  expect(written).toMatchObject({ ok: false, reason: 'conflict' })
  expect(await listRefs(repository, 'refs/')).toMatchObject([{ name: 'refs/heads/main', sha: first }])
})

test('of eight writers at once one wins and the others meet a conflict', async () => {
  const { repository, first } = await twoCommits()
  const shas = await Promise.all(Array.from({ length: 8 }, (_, n) => commitFiles(repository, [first], { n: `${n}` })))
  const name = 'refs/heads/main'
  await writeRefs(repository, { name, before: null, after: first })
  const answers = await Promise.all(shas.map((after) => writeRefs(repository, { name, before: first, after })))
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  expect(answers.filter((answer) => !answer.ok && answer.reason === 'conflict')).toHaveLength(7)
})

test('bad names, names in the way of others, and missing objects are refused', async () => {
  const { repository, first } = await twoCommits()
  await writeRefs(repository, { name: 'refs/heads/main', before: null, after: first })
  for (const name of ['main', 'refs/heads/a..b', 'refs/heads/a.lock', 'refs/heads/a b', 'refs/heads/main/sub']) {
    expect(await writeRefs(repository, { name, before: null, after: first })).toMatchObject({
      reason: 'invalid-name',
    })
  }
  const missing = { name: 'refs/heads/x', before: null, after: '1'.repeat(40) }
  expect(await writeRefs(repository, missing)).toMatchObject({ reason: 'missing-object' })
  const blob = await git(repository, 'rev-parse', `${first}:a`)
  expect(await writeRefs(repository, { ...missing, after: blob })).toMatchObject({ reason: 'missing-object' })
  expect(await writeRefs(repository, { ...missing, after: 'HEAD' })).toMatchObject({ reason: 'missing-object' })
})

test('an annotated tag says what is behind it', async () => {
  const { repository, first } = await twoCommits()
  const tag = await createTag(repository, { name: 'v1', message: 'First', tagger: ada, target: first })
  await writeRefs(repository, { name: 'refs/tags/v1', before: null, after: tag })
  expect(await readRef(repository, 'refs/tags/v1')).toEqual({
    name: 'refs/tags/v1',
    sha: tag,
    type: 'tag',
    peeled: first,
  })
  expect(await resolveCommit(repository, 'v1')).toBe(first)
})

test('a revision is a full or short sha, a branch, a tag, or a ref, and never an expression', async () => {
  const { repository, first, second } = await twoCommits()
  await writeRefs(
    repository,
    { name: 'refs/heads/main', before: null, after: second },
    { name: 'refs/heads/feature/x', before: null, after: first },
    { name: 'refs/tags/main', before: null, after: first },
  )
  expect(await resolveCommit(repository, first)).toBe(first)
  expect(await resolveCommit(repository, first.slice(0, 8))).toBe(first)
  expect(await resolveCommit(repository, 'HEAD')).toBe(second)
  expect(await resolveCommit(repository, 'main')).toBe(second)
  expect(await resolveCommit(repository, 'tags/main')).toBe(first)
  expect(await resolveCommit(repository, 'heads/feature/x')).toBe(first)
  expect(await resolveCommit(repository, 'refs/heads/feature/x')).toBe(first)
  for (const bad of ['main~1', 'main^', '@', ':/Change', '-x', 'main@{0}', 'nothing', '', '0'.repeat(40)]) {
    expect(await resolveCommit(repository, bad)).toBeNull()
  }
})

test('refs are listed by a prefix that may end within a name', async () => {
  const { repository, first } = await twoCommits()
  const names = ['refs/heads/feat', 'refs/heads/feat/x', 'refs/heads/feature', 'refs/heads/main', 'refs/tags/feat']
  const possible = names.filter((name) => name !== 'refs/heads/feat/x')
  await writeRefs(repository, ...possible.map((name) => ({ name, before: null, after: first })))
  const listed = async (prefix: string) => (await listRefs(repository, prefix)).map(({ name }) => name)
  expect(await listed('refs/heads/feat')).toEqual(['refs/heads/feat', 'refs/heads/feature'])
  expect(await listed('refs/')).toEqual(possible)
  expect(await listed('refs/heads/no')).toEqual([])
  expect(await listed('refs/heads/*')).toEqual([])
})

test('an ancestor is what can be fast-forwarded from', async () => {
  const { repository, first, second } = await twoCommits()
  expect(await isAncestor(repository, first, second)).toBe(true)
  expect(await isAncestor(repository, second, first)).toBe(false)
  await expect(isAncestor(repository, '1'.repeat(40), first)).rejects.toThrow(/merge-base ended with 128/)
})

test('a packed ref is found, and one that moved since is where it is now', async () => {
  const { repository, first, second } = await twoCommits()
  const names = ['refs/heads/main', 'refs/heads/side', 'refs/pawl/lock']
  await writeRefs(repository, ...names.map((name) => ({ name, before: null, after: first })))
  await git(repository, 'pack-refs', '--all')
  await writeRefs(repository, { name: 'refs/heads/main', before: first, after: second })
  const shas = await Promise.all(names.map(async (name) => (await readRef(repository, name))?.sha))
  expect(shas).toEqual([second, first, first])
  await writeRefs(repository, { name: 'refs/heads/side', before: first, after: null })
  expect(await readRef(repository, 'refs/heads/side')).toBeNull()
  expect(await readRef(repository, 'refs/heads')).toBeNull()
})
