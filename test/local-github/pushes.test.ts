import { expect, test } from 'vitest'

import { demo, withCode } from './code-fixture.ts'
import { refusal } from './fixture.ts'

const zero = '0'.repeat(40)

test('a push by git and a change of a ref by REST are told alike', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ octo, commit, git, heard, last }) => {
    const first = await git('rev-parse', 'HEAD')
    const second = await commit({ 'b.txt': 'new\n' }, 'Add b')
    await git('push', '-q', 'origin', 'HEAD:main')
    expect(await heard()).toEqual(['push', 'check_suite.requested'])
    expect(last('push')).toMatchObject({
      ref: 'refs/heads/main',
      before: first,
      after: second,
      created: false,
      deleted: false,
      forced: false,
      commits: [{ id: second, message: 'Add b', added: ['b.txt'], modified: [], removed: [] }],
      head_commit: { id: second, author: { name: 'Ada' } },
      pusher: { name: 'octo' },
      sender: { login: 'octo' },
    })
    await octo.git.createRef({ ...demo, ref: 'refs/heads/side', sha: first })
    expect(await heard()).toEqual(['create', 'push', 'check_suite.requested'])
    expect(last('create')).toMatchObject({ ref: 'side', ref_type: 'branch', master_branch: 'main' })
    expect(last('push')).toMatchObject({ before: zero, created: true, commits: [], head_commit: { id: first } })
    await octo.git.updateRef({ ...demo, ref: 'heads/side', sha: second })
    expect(await heard()).toEqual(['push'])
    await octo.git.updateRef({ ...demo, ref: 'heads/side', sha: first, force: true })
    expect(last('push')).toMatchObject({ forced: false })
    await heard()
    expect(last('push')).toMatchObject({ forced: true, before: second, after: first })
    await octo.git.deleteRef({ ...demo, ref: 'heads/side' })
    expect(await heard()).toEqual(['delete', 'push'])
    expect(last('push')).toMatchObject({ deleted: true, after: zero, head_commit: null })
  }))

test('a tag and a ref of another kind: the tag is told, the other is nobody else’s business', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, octo, git, heard, last }) => {
    const sha = await git('rev-parse', 'HEAD')
    const tag = await bot.git.createTag({ ...demo, tag: 'v1', message: 'First', object: sha, type: 'commit' })
    await bot.git.createRef({ ...demo, ref: 'refs/tags/v1', sha: tag.data.sha })
    expect(await heard()).toEqual(['create', 'push'])
    expect(last('push')).toMatchObject({ ref: 'refs/tags/v1', after: tag.data.sha, head_commit: { id: sha } })
    await bot.git.createRef({ ...demo, ref: 'refs/pawl/lock', sha })
    expect(await heard()).toEqual([])
    expect(await refusal(bot.git.createRef({ ...demo, ref: 'refs/pawl/lock', sha }))).toMatchObject({
      status: 422,
      message: expect.stringContaining('Reference already exists'),
    })
    const found = await octo.git.getRef({ ...demo, ref: 'tags/v1' })
    expect(found.data.object).toMatchObject({ type: 'tag', sha: tag.data.sha })
    expect((await octo.repos.listTags({ ...demo })).data).toMatchObject([{ name: 'v1', commit: { sha } }])
    expect((await octo.git.getTag({ ...demo, tag_sha: tag.data.sha })).data).toMatchObject({
      message: 'First',
      tagger: { name: 'gardener[bot]' },
    })
  }))

test('refs are refused for GitHub’s reasons', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, commit, git }) => {
    const first = await git('rev-parse', 'HEAD')
    const second = await commit({ 'a.txt': 'two\n' })
    await git('push', '-q', 'origin', 'HEAD:main')
    const update = (ref: string, sha: string) => refusal(bot.git.updateRef({ ...demo, ref, sha }))
    expect((await update('heads/main', first)).message).toContain('Update is not a fast forward')
    expect((await update('heads/none', first)).message).toContain('Reference does not exist')
    expect((await update('heads/main', '1'.repeat(40))).message).toContain('Object does not exist')
    const remove = (ref: string) => refusal(bot.git.deleteRef({ ...demo, ref }))
    expect((await remove('heads/none')).message).toContain('Reference does not exist')
    expect((await remove('heads/main')).message).toContain('default branch')
    const bad = bot.git.createRef({ ...demo, ref: 'refs/heads/a..b', sha: second })
    expect(await refusal(bad)).toMatchObject({ status: 422 })
    expect(await refusal(bot.git.getRef({ ...demo, ref: 'heads/none' }))).toMatchObject({ status: 404 })
    expect((await bot.git.listMatchingRefs({ ...demo, ref: 'heads/' })).data).toMatchObject([
      { ref: 'refs/heads/main', object: { sha: second } },
    ])
  }))

test('who may only read cannot push, who is nobody is asked, what is private is hidden', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ github, person, commit, git }) => {
    await person('reader', 'read')
    await commit({ 'a.txt': 'two\n' })
    const remote = (user: string) => `${github.url.replace('//', `//${user}`)}/octo/demo.git`
    const token = await github.personalToken('reader')
    await expect(git('push', remote(`x:${token}@`), 'HEAD:main')).rejects.toThrow(/Write access .* not granted/)
    await expect(git('push', remote('x:wrong@'), 'HEAD:main')).rejects.toThrow(/Authentication failed/)
    await expect(git('push', remote(''), 'HEAD:main')).rejects.toThrow(/could not read Username/)
    expect(await git('ls-remote', remote(''), 'main')).toContain('refs/heads/main')
    await github.addRepository('octo/secret', { private: true })
    const secret = remote(`x:${token}@`).replace('demo', 'secret')
    await expect(git('ls-remote', secret)).rejects.toThrow(/not found/)
    await expect(git('ls-remote', remote('').replace('demo', 'secret'))).rejects.toThrow(/could not read Username/)
  }))

test('a branch that only pull requests may change refuses every push and REST write', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ github, bot, commit, git, heard }) => {
    await github.protect('octo/demo', 'main', { pullRequestOnly: true })
    const first = await git('rev-parse', 'HEAD')
    const second = await commit({ 'a.txt': 'two\n' })
    await expect(git('push', 'origin', 'HEAD:main')).rejects.toThrow(/Changes must be made through a pull request/)
    await git('push', '-q', 'origin', 'HEAD:side')
    const update = await refusal(bot.git.updateRef({ ...demo, ref: 'heads/main', sha: second }))
    expect(update).toMatchObject({ status: 422, message: expect.stringContaining('Repository rule violations') })
    const content = Buffer.from('three').toString('base64')
    const sha = await git('rev-parse', `${first}:a.txt`)
    const put = bot.repos.createOrUpdateFileContents({ ...demo, path: 'a.txt', message: 'x', content, sha })
    expect(await refusal(put)).toMatchObject({ status: 409 })
    expect(await heard()).toEqual(['create', 'push', 'check_suite.requested'])
    expect(await git('ls-remote', 'origin', 'main')).toContain(first)
  }))

test('a protected branch refuses force pushes, deletion, and commits whose required checks have not succeeded', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ github, bot, commit, git }) => {
    await github.protect('octo/demo', 'main', { requiredChecks: ['build'] })
    const first = await git('rev-parse', 'HEAD')
    const second = await commit({ 'a.txt': 'two\n' })
    await git('push', '-q', 'origin', 'HEAD:side')
    await expect(git('push', 'origin', 'HEAD:main')).rejects.toThrow(/Required status check "build" is expected/)
    await bot.repos.createCommitStatus({ ...demo, sha: second, state: 'success', context: 'build' })
    await git('push', '-q', 'origin', 'HEAD:main')
    await expect(git('push', '--force', 'origin', `${first}:main`)).rejects.toThrow(/Cannot force-push/)
  }))
