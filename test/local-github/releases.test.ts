import { expect, test } from 'vitest'

import { demo, withCode } from './code-fixture.ts'
import { refusal } from './fixture.ts'

test('a release makes its tag, and the newest that is no prerelease is the latest', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, git, heard, last }) => {
    const sha = await git('rev-parse', 'HEAD')
    const first = await bot.repos.createRelease({ ...demo, tag_name: 'v1', name: 'One', body: 'Notes' })
    expect(first.data).toMatchObject({ tag_name: 'v1', draft: false, author: { login: 'gardener[bot]' } })
    const events = ['create', 'push', 'release.created', 'release.published', 'release.released']
    expect(await heard()).toEqual(events)
    expect(last('release.published')).toMatchObject({ release: { tag_name: 'v1', target_commitish: 'main' } })
    expect((await bot.git.getRef({ ...demo, ref: 'tags/v1' })).data.object.sha).toBe(sha)
    await bot.repos.createRelease({ ...demo, tag_name: 'v2-rc', prerelease: true, target_commitish: sha })
    expect(await heard()).toEqual(events.slice(0, -1))
    expect((await bot.repos.getLatestRelease({ ...demo })).data.tag_name).toBe('v1')
    expect((await bot.repos.getReleaseByTag({ ...demo, tag: 'v2-rc' })).data.prerelease).toBe(true)
    expect((await bot.repos.listReleases({ ...demo })).data.map(({ tag_name }) => tag_name)).toEqual(['v2-rc', 'v1'])
    expect(await refusal(bot.repos.createRelease({ ...demo, tag_name: 'v1' }))).toMatchObject({ status: 422 })
    const nowhere = bot.repos.createRelease({ ...demo, tag_name: 'v3', target_commitish: 'none' })
    expect(await refusal(nowhere)).toMatchObject({ status: 422 })
  }))

test('a draft has no tag until it is published', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, heard, last }) => {
    const { data } = await bot.repos.createRelease({ ...demo, tag_name: 'v1', name: 'One', draft: true })
    expect(await heard()).toEqual(['release.created'])
    expect(data.published_at).toBeNull()
    expect(await refusal(bot.repos.getReleaseByTag({ ...demo, tag: 'v1' }))).toMatchObject({ status: 404 })
    expect(await refusal(bot.repos.getLatestRelease({ ...demo }))).toMatchObject({ status: 404 })
    const release_id = data.id
    await bot.repos.updateRelease({ ...demo, release_id, name: 'Uno' })
    expect(await heard()).toEqual(['release.edited'])
    expect(last('release.edited')).toMatchObject({ changes: { name: { from: 'One' } }, release: { name: 'Uno' } })
    const published = await bot.repos.updateRelease({ ...demo, release_id, draft: false })
    expect(published.data.published_at).not.toBeNull()
    expect(await heard()).toEqual(['create', 'push', 'release.published', 'release.released'])
    expect((await bot.repos.getRelease({ ...demo, release_id })).data.draft).toBe(false)
  }))
