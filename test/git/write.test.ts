import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMirrored, type Mirrored } from '../support/git-mirrored.ts'

const AT = '2026-02-03T04:05:06.789Z'
const lines = (change: Record<number, string> = {}) =>
  Array.from({ length: 12 }, (_, at) => change[at] ?? `line ${at}`).join('\n') + '\n'

let scene: Mirrored
let base: string
beforeAll(() => {
  scene = createMirrored()
  base = scene.origin.commit({ 'a.txt': lines(), 'b.txt': 'b\n' })
})
afterAll(() => scene.remove())

const show = (sha: string) => scene.origin.git('--git-dir', scene.git.path, 'cat-file', '-p', sha)

describe('commits and tags', () => {
  test('the same input gives the same commit, by the app, at the given time', async () => {
    const { git } = scene
    const { tree } = (await git.point(base)) ?? { tree: '' }
    const options = { tree, parents: [base], message: '-m ünusual\n\n# kept', at: AT }
    const sha = await git.commit(options)
    expect(await git.commit(options)).toBe(sha)
    expect(show(sha).split('\n')).toEqual([
      `tree ${tree}`,
      `parent ${base}`,
      'author pawl[bot] <pawl[bot]@users.noreply.github.com> 1770091506 +0000',
      'committer pawl[bot] <pawl[bot]@users.noreply.github.com> 1770091506 +0000',
      '',
      '-m ünusual',
      '',
      '# kept',
    ])
  })

  test('an author may be somebody else, and there may be two parents or none', async () => {
    const { git } = scene
    const { tree } = (await git.point(base)) ?? { tree: '' }
    const ada = { name: 'Ada <L>', email: 'ada@example.com' }
    const root = await git.commit({ tree, parents: [], message: 'x', author: ada, at: AT })
    const merge = await git.commit({ tree, parents: [base, root], message: '', at: AT })
    expect(show(root)).toContain('author Ada L <ada@example.com> 1770091506')
    expect(show(merge)).toMatch(new RegExp(`parent ${base}\nparent ${root}\n`))
  })

  test('a tag is annotated and the same for the same input', async () => {
    const { git } = scene
    const options = { name: 'pawl/brave-otter', target: base, message: 'Snapshot', at: AT }
    const sha = await git.tag(options)
    expect(await git.tag(options)).toBe(sha)
    expect(show(sha)).toBe(
      `object ${base}\ntype commit\ntag pawl/brave-otter\n` +
        'tagger pawl[bot] <pawl[bot]@users.noreply.github.com> 1770091506 +0000\n\nSnapshot',
    )
    expect((await git.point(sha))?.commit).toBe(base)
  })

  test('a commit on what is not there fails', async () => {
    const commit = scene.git.commit({ tree: '3'.repeat(40), parents: [], message: 'x', at: AT })
    await expect(commit).rejects.toThrow('git commit-tree on acme/shop: fatal: ')
  })
})

describe('merging without a work tree', () => {
  test('tells ancestors', async () => {
    const { origin, git } = scene
    const next = origin.commit({ 'a.txt': lines({ 1: 'one' }) }, 'ancestors', base)
    expect(await git.isAncestor(base, next)).toBe(true)
    expect(await git.isAncestor(base, base)).toBe(true)
    expect(await git.isAncestor(next, base)).toBe(false)
    await expect(git.isAncestor(base, '4'.repeat(40))).rejects.toThrow('has no commit or tree')
  })

  test('merges what does not touch, and names the paths that conflict', async () => {
    const { origin, git } = scene
    const ours = origin.commit({ 'a.txt': lines({ 1: 'ours' }) }, 'ours', base)
    const theirs = origin.commit({ 'a.txt': lines({ 9: 'theirs' }), 'c ü.txt': 'c\n' }, 'theirs', base)
    const against = origin.commit({ 'a.txt': lines({ 1: 'against' }), 'b.txt': null }, 'against', base)
    const merged = await git.mergeTree(ours, theirs)
    const tree = merged.ok ? merged.tree : ''
    expect(await git.readText(tree, 'a.txt')).toBe(lines({ 1: 'ours', 9: 'theirs' }))
    expect(await git.paths(tree)).toEqual(['a.txt', 'b.txt', 'c ü.txt'])
    expect(await git.mergeTree(ours, against)).toEqual({ ok: false, paths: ['a.txt'] })
  })

  test('a merge driver or union that the repository names is not used', async () => {
    const { origin, git } = scene
    const attributes = { '.gitattributes': 'a.txt merge=union\n' }
    const start = origin.commit({ ...attributes, 'a.txt': lines() }, 'union', base)
    const ours = origin.commit({ 'a.txt': lines({ 1: 'ours' }) }, 'union-ours', start)
    const theirs = origin.commit({ 'a.txt': lines({ 1: 'theirs' }) }, 'union-theirs', start)
    expect(await git.mergeTree(ours, theirs)).toEqual({ ok: false, paths: ['a.txt'] })
  })

  test('SNAP-4 takes a change out of a tree on which others went on', async () => {
    const { origin, git } = scene
    const after = origin.commit({ 'a.txt': lines({ 1: 'changed' }), 'new.txt': 'n\n' }, 'revert', base)
    const onto = origin.commit({ 'a.txt': lines({ 1: 'changed', 9: 'others' }), 'd.txt': 'd\n' }, 'revert', after)
    const reverted = await git.revertTree({ before: base, after }, onto)
    const tree = reverted.ok ? reverted.tree : ''
    expect(await git.readText(tree, 'a.txt')).toBe(lines({ 9: 'others' }))
    expect(await git.paths(tree)).toEqual(['a.txt', 'b.txt', 'd.txt'])
  })

  test('SNAP-4 gives exactly the old tree when nobody else merged, and the paths when others built on the change', async () => {
    const { origin, git } = scene
    const after = origin.commit({ 'a.txt': lines({ 1: 'changed' }) }, 'revert-all', base)
    const tree = (await git.point(base))?.tree
    expect(await git.revertTree({ before: base, after }, after)).toEqual({ ok: true, tree })
    const onto = origin.commit({ 'a.txt': lines({ 1: 'changed again' }) }, 'revert-all', after)
    expect(await git.revertTree({ before: base, after }, onto)).toEqual({ ok: false, paths: ['a.txt'] })
  })
})
