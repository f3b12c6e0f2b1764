import { expect, test } from 'vitest'

import { demo, withCode } from './code-fixture.ts'
import { refusal } from './fixture.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

test('a file comes as base64, raw, or with its folder as an object', () =>
  withCode({ 'src/a b.txt': 'Grüße\n', 'src/deep/c.txt': 'c' }, async ({ bot, git }) => {
    const sha = await git('rev-parse', 'HEAD:src/a b.txt')
    const file = await bot.repos.getContent({ ...demo, path: 'src/a b.txt' })
    expect(file.data).toMatchObject({
      type: 'file',
      name: 'a b.txt',
      path: 'src/a b.txt',
      sha,
      size: 8,
      encoding: 'base64',
    })
    const { content } = file.data as { content: string }
    expect(Buffer.from(content, 'base64').toString()).toBe('Grüße\n')
    const raw = await bot.repos.getContent({ ...demo, path: 'src/a b.txt', mediaType: { format: 'raw' } })
    expect(raw.data).toBe('Grüße\n')
    const folder = await bot.repos.getContent({ ...demo, path: 'src' })
    expect(folder.data).toMatchObject([
      { type: 'file', path: 'src/a b.txt' },
      { type: 'dir', path: 'src/deep', size: 0 },
    ])
    const object = await bot.request('GET /repos/{owner}/{repo}/contents/{path}', {
      ...demo,
      path: 'src',
      headers: { accept: 'application/vnd.github.object+json' },
    })
    expect(object.data).toMatchObject({ type: 'dir', entries: [{ name: 'a b.txt' }, { name: 'deep' }] })
    expect((await bot.repos.getContent({ ...demo, path: '' })).data).toMatchObject([{ path: 'src', type: 'dir' }])
    for (const [path, ref] of [
      ['none', 'main'],
      ['src', 'none'],
    ] as const) {
      expect(await refusal(bot.repos.getContent({ ...demo, path, ref }))).toMatchObject({ status: 404 })
    }
  }))

test('a file is written in a commit of its own, and only over the version that was read', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ octo, bot, heard, last }) => {
    const made = await octo.repos.createOrUpdateFileContents({
      ...demo,
      path: 'docs/new.md',
      message: 'Write docs',
      content: base64('# New'),
      branch: 'main',
    })
    expect(made.status).toBe(201)
    expect(made.data).toMatchObject({ content: { path: 'docs/new.md', size: 5 }, commit: { message: 'Write docs' } })
    expect(await heard()).toEqual(['push', 'check_suite.requested'])
    expect(last('push')).toMatchObject({
      after: made.data.commit.sha,
      commits: [{ added: ['docs/new.md'], author: { username: 'octo' } }],
    })
    const write = (sha: string | undefined, text: string) =>
      bot.repos.createOrUpdateFileContents({
        ...demo,
        path: 'docs/new.md',
        message: 'Again',
        content: base64(text),
        ...(sha === undefined ? {} : { sha }),
      })
    expect(await refusal(write(undefined, 'x'))).toMatchObject({ status: 422, message: expect.stringContaining('sha') })
    expect(await refusal(write('1'.repeat(40), 'x'))).toMatchObject({ status: 409 })
    const again = await write(made.data.content?.sha, '# Newer')
    expect(again.status).toBe(200)
    expect(again.data.commit.parents).toMatchObject([{ sha: made.data.commit.sha }])
    const none = bot.repos.createOrUpdateFileContents({ ...demo, path: 'x', message: 'x', content: '', branch: 'none' })
    expect(await refusal(none)).toMatchObject({ status: 404 })
  }))

test('blobs, trees and commits are built one on another', () =>
  withCode({ 'a.txt': 'one\n', 'b.txt': 'two\n' }, async ({ bot, git }) => {
    const head = await git('rev-parse', 'HEAD')
    const base = await bot.git.getCommit({ ...demo, commit_sha: head })
    const blob = await bot.git.createBlob({ ...demo, content: base64('bytes\0'), encoding: 'base64' })
    const tree = await bot.git.createTree({
      ...demo,
      base_tree: base.data.tree.sha,
      tree: [
        { path: 'bin/run', mode: '100755', type: 'blob', sha: blob.data.sha },
        { path: 'b.txt', mode: '100644', type: 'blob', sha: null },
      ],
    })
    const commit = await bot.git.createCommit({
      ...demo,
      message: 'Build',
      tree: tree.data.sha,
      parents: [head],
      author: { name: 'Eve', email: 'eve@example.org', date: '2026-01-02T03:04:05Z' },
    })
    expect(commit.data).toMatchObject({
      author: { name: 'Eve', date: '2026-01-02T03:04:05Z' },
      verification: { verified: false },
    })
    const listed = await bot.git.getTree({ ...demo, tree_sha: commit.data.sha, recursive: 'true' })
    expect(listed.data.tree.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
      '100644 a.txt',
      '040000 bin',
      '100755 bin/run',
    ])
    const read = await bot.git.getBlob({ ...demo, file_sha: blob.data.sha })
    expect(Buffer.from(read.data.content, 'base64').toString()).toBe('bytes\0')
    const missing = '1'.repeat(40)
    expect(await refusal(bot.git.getCommit({ ...demo, commit_sha: missing }))).toMatchObject({ status: 404 })
    expect(await refusal(bot.git.createCommit({ ...demo, message: 'x', tree: missing }))).toMatchObject({ status: 422 })
    expect(await refusal(bot.git.createTree({ ...demo, base_tree: missing, tree: [] }))).toMatchObject({ status: 422 })
  }))

test('commits are listed by page, by path and by branch, and each shows its files', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ bot, commit, git }) => {
    const second = await commit({ 'b.txt': 'b\n' }, 'Second')
    const third = await commit({ 'a.txt': 'two\n' }, 'Third')
    await git('push', '-q', 'origin', 'HEAD:main')
    const list = async (query: object) =>
      (await bot.repos.listCommits({ ...demo, ...query })).data.map((each) => each.commit.message)
    expect(await list({})).toEqual(['Third', 'Second', 'Begin'])
    expect(await list({ path: 'b.txt' })).toEqual(['Second'])
    expect(await list({ sha: second })).toEqual(['Second', 'Begin'])
    expect((await bot.paginate(bot.repos.listCommits, { ...demo, per_page: 1 })).length).toBe(3)
    const one = await bot.repos.getCommit({ ...demo, ref: 'main' })
    expect(one.data).toMatchObject({
      sha: third,
      stats: { additions: 1, deletions: 1, total: 2 },
      files: [{ filename: 'a.txt', status: 'modified', patch: '@@ -1 +1 @@\n-one\n+two' }],
    })
    const diff = await bot.repos.getCommit({ ...demo, ref: third, mediaType: { format: 'diff' } })
    expect(diff.data).toContain('diff --git a/a.txt b/a.txt')
    const sha = await bot.repos.getCommit({ ...demo, ref: 'main', mediaType: { format: 'sha' } })
    expect(sha.data).toBe(third)
    expect(await refusal(bot.repos.getCommit({ ...demo, ref: 'none' }))).toMatchObject({ status: 422 })
    const branch = await bot.repos.getBranch({ ...demo, branch: 'main' })
    expect(branch.data).toMatchObject({ commit: { sha: third }, protected: false })
    expect((await bot.repos.listBranches({ ...demo })).data).toMatchObject([{ name: 'main', commit: { sha: third } }])
    expect(await refusal(bot.repos.getBranch({ ...demo, branch: 'no/ne' }))).toMatchObject({ status: 404 })
    const changes = await bot.dependencyGraph.diffRange({ ...demo, basehead: `${second}...${third}` })
    expect(changes.data).toEqual([])
  }))

test('two commits are compared, and a branch is merged into another', () =>
  withCode({ 'a.txt': 'one\n' }, async ({ octo, bot, commit, git, heard, last }) => {
    const root = await git('rev-parse', 'HEAD')
    const side = await commit({ 'side.txt': 's\n' }, 'Side')
    await git('push', '-q', 'origin', 'HEAD:feature/side')
    await git('reset', '-q', '--hard', root)
    const main = await commit({ 'main.txt': 'm\n' }, 'Main')
    await git('push', '-q', 'origin', 'HEAD:main')
    const compared = await bot.repos.compareCommitsWithBasehead({ ...demo, basehead: 'main...feature/side' })
    expect(compared.data).toMatchObject({
      status: 'diverged',
      ahead_by: 1,
      behind_by: 1,
      merge_base_commit: { sha: root },
      commits: [{ sha: side }],
      files: [{ filename: 'side.txt', status: 'added' }],
    })
    const none = bot.repos.compareCommitsWithBasehead({ ...demo, basehead: 'main...none' })
    expect(await refusal(none)).toMatchObject({ status: 404 })
    await heard()
    const merged = await octo.repos.merge({ ...demo, base: 'main', head: 'feature/side' })
    expect(merged.status).toBe(201)
    expect(merged.data).toMatchObject({ parents: [{ sha: main }, { sha: side }], author: { login: 'octo' } })
    expect(await heard()).toEqual(['push', 'check_suite.requested'])
    expect(last('push')).toMatchObject({ before: main, after: merged.data.sha })
    expect((await octo.repos.merge({ ...demo, base: 'main', head: side })).status).toBe(204)
    await git('reset', '-q', '--hard', root)
    await commit({ 'main.txt': 'other\n' })
    await git('push', '-q', 'origin', 'HEAD:other')
    expect(await refusal(octo.repos.merge({ ...demo, base: 'main', head: 'other' }))).toMatchObject({ status: 409 })
    expect(await refusal(octo.repos.merge({ ...demo, base: 'none', head: 'other' }))).toMatchObject({ status: 404 })
  }))
