import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMirrored, type Mirrored } from '../support/git-mirrored.ts'

const AT = '2026-01-01T00:00:00Z'

let scene: Mirrored
let head: string
let next: string
beforeEach(async () => {
  scene = createMirrored()
  head = scene.origin.commit({ 'a.txt': 'a\n' })
  await scene.git.fetch()
  const tree = (await scene.git.point(head))?.tree ?? ''
  next = await scene.git.commit({ tree, parents: [head], message: 'Next', at: AT })
})
afterEach(() => scene.remove())

const atOrigin = (ref: string) => scene.origin.git('for-each-ref', '--format=%(objectname)', ref) || null
const refuseIn = (hook: string, script: string) =>
  writeFileSync(join(scene.origin.path, 'hooks', hook), `#!/bin/sh\n${script}\n`, { mode: 0o755 })

test('moves, makes and deletes refs in one push, and the mirror follows', async () => {
  const { origin, git } = scene
  origin.git('update-ref', 'refs/heads/old', head)
  const tag = await git.tag({ name: 'pawl/x', target: head, message: 'x', at: AT })
  const lock = await git.blob('holder\n')
  const pushed = await git.push([
    { ref: 'refs/heads/main', to: next, expect: head },
    { ref: 'refs/tags/pawl/x', to: tag, expect: null },
    { ref: 'refs/pawl/lock', to: lock, expect: null },
    { ref: 'refs/heads/old', to: null, expect: head },
  ])
  expect(pushed).toEqual({ ok: true })
  expect(atOrigin('refs/heads/main')).toBe(next)
  expect(atOrigin('refs/tags/pawl/x')).toBe(tag)
  expect(atOrigin('refs/pawl/lock')).toBe(lock)
  expect(atOrigin('refs/heads/old')).toBeNull()
  expect((await git.branch('main'))?.commit).toBe(next)
})

test('moves a branch backwards when told where it is', async () => {
  const { git } = scene
  await git.push([{ ref: 'refs/heads/main', to: next, expect: head }])
  expect(await git.push([{ ref: 'refs/heads/main', to: head, expect: next }])).toEqual({ ok: true })
  expect(atOrigin('refs/heads/main')).toBe(head)
})

test('moves nothing when one ref is elsewhere, and names it', async () => {
  const { origin, git } = scene
  const others = origin.commit({ 'b.txt': 'b\n' })
  const pushed = await git.push([
    { ref: 'refs/heads/new', to: next, expect: null },
    { ref: 'refs/heads/main', to: next, expect: head },
  ])
  expect(pushed).toEqual({
    ok: false,
    why: 'moved',
    ref: 'refs/heads/main',
    message: `refs/heads/main was expected at ${head}, and is at ${others}.`,
  })
  expect(atOrigin('refs/heads/new')).toBeNull()
  expect((await git.branch('main'))?.commit).toBe(head)
})

test('QUEUE-5 of two that make the same ref only one succeeds', async () => {
  const { git } = scene
  const locks = await Promise.all(['first\n', 'second\n'].map((holder) => git.blob(holder)))
  const tries = locks.map((lock) => git.push([{ ref: 'refs/pawl/lock', to: lock, expect: null }]))
  const pushed = await Promise.all(tries)
  expect(pushed.map((result) => (result.ok ? 'held' : result.why)).toSorted()).toEqual(['held', 'moved'])
})

test('says that a ref is gone which was to be moved; one that was to be deleted is', async () => {
  const { git } = scene
  const gone = { ref: 'refs/heads/gone', expect: head }
  expect(await git.push([{ ...gone, to: next }])).toMatchObject({
    why: 'moved',
    message: `refs/heads/gone was expected at ${head}, and does not exist.`,
  })
  expect(await git.push([{ ...gone, to: null }])).toEqual({ ok: true })
})

test('what is already so counts as done, alone and among others', async () => {
  const { origin, git } = scene
  const updates = [
    { ref: 'refs/heads/main', to: next, expect: head },
    { ref: 'refs/pawl/lock', to: null, expect: head },
    { ref: 'refs/tags/pawl/x', to: head, expect: null },
  ]
  origin.git('update-ref', 'refs/pawl/lock', head)
  expect(await git.push(updates)).toEqual({ ok: true })
  expect(await git.push(updates)).toEqual({ ok: true })
  const more = { ref: 'refs/heads/more', to: next, expect: null }
  expect(await git.push([...updates, more])).toEqual({ ok: true })
  expect(atOrigin('refs/heads/more')).toBe(next)
})

test('a rule of the remote is a refusal in its words', async () => {
  const { git } = scene
  refuseIn('update', 'test "$1" = refs/heads/main || exit 0; echo "GH006: Protected branch" >&2; exit 1')
  const pushed = await git.push([
    { ref: 'refs/heads/new', to: next, expect: null },
    { ref: 'refs/heads/main', to: next, expect: head },
  ])
  expect(pushed).toMatchObject({ ok: false, why: 'refused', ref: 'refs/heads/main' })
  expect(pushed.ok ? '' : pushed.message).toMatch(/^GH006: Protected branch\n.*\n\[remote rejected\]/)
  expect(atOrigin('refs/heads/new')).toBeNull()
})

test('hooks of this host and of the mirror do not run', async () => {
  const { git } = scene
  mkdirSync(join(git.path, 'hooks'))
  for (const hook of ['pre-push', 'reference-transaction']) {
    writeFileSync(join(git.path, 'hooks', hook), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  }
  expect(await git.push([{ ref: 'refs/heads/main', to: next, expect: head }])).toEqual({ ok: true })
})

test('pushing nothing is done at once', async () => {
  expect(await scene.git.push([])).toEqual({ ok: true })
})
