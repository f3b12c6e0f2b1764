import { expect, test, vi } from 'vitest'

import { demo, withCode, type Code } from './code-fixture.ts'
import { refusal } from './fixture.ts'

/** Pushes a branch with one commit and opens a pull request from it. */
async function open(code: Code, files: Record<string, string> = { 'b.txt': 'b\n' }, branch = 'topic') {
  const { octo, commit, git } = code
  await git('checkout', '-q', '-B', branch, 'origin/main')
  const head = await commit(files, `Change on ${branch}`)
  await git('push', '-q', 'origin', branch)
  const { data } = await octo.pulls.create({
    ...demo,
    title: `Take ${branch}`,
    body: 'Why',
    head: branch,
    base: 'main',
  })
  return { head, opened: data, pull_number: data.number }
}

test('a pull request says nothing about merging at first, and then what its trial merge said', () =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { bot, git, heard, last } = code
    const main = await git('rev-parse', 'HEAD')
    const { head, opened, pull_number } = await open(code)
    expect(opened).toMatchObject({
      state: 'open',
      mergeable: null,
      mergeable_state: 'unknown',
      merge_commit_sha: null,
      head: { ref: 'topic', sha: head, label: 'octo:topic' },
      base: { ref: 'main', sha: main },
      user: { login: 'octo' },
      commits: 1,
      additions: 1,
      deletions: 0,
      changed_files: 1,
      merged: false,
    })
    expect(await heard()).toEqual(['create', 'push', 'check_suite.requested', 'pull_request.opened'])
    expect(last('pull_request.opened')).toMatchObject({ number: pull_number, pull_request: { head: { sha: head } } })
    const { data } = await bot.pulls.get({ ...demo, pull_number })
    expect(data).toMatchObject({ mergeable: true, mergeable_state: 'clean', merge_commit_sha: expect.any(String) })
    const refs = await git('ls-remote', 'origin', `refs/pull/${pull_number}/*`)
    expect(refs).toContain(`${head}\trefs/pull/${pull_number}/head`)
    expect(refs).toContain(`${data.merge_commit_sha}\trefs/pull/${pull_number}/merge`)
    const trial = await bot.git.getCommit({ ...demo, commit_sha: data.merge_commit_sha ?? '' })
    expect(trial.data.parents).toMatchObject([{ sha: main }, { sha: head }])
    const issue = await bot.issues.get({ ...demo, issue_number: pull_number })
    expect(issue.data.pull_request?.url).toBe(data.url)
  }))

test('a push to the head synchronizes, a push to the base makes the trial merge void', () =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { bot, commit, git, heard, last } = code
    const { head, pull_number } = await open(code)
    await heard()
    const next = await commit({ 'c.txt': 'c\n' })
    await git('push', '-q', 'origin', 'topic')
    expect(await git('ls-remote', 'origin', `refs/pull/${pull_number}/head`)).toContain(next)
    expect(await heard()).toEqual(['push', 'check_suite.requested', 'pull_request.synchronize'])
    expect(last('pull_request.synchronize')).toMatchObject({
      before: head,
      after: next,
      pull_request: { head: { sha: next }, commits: 2, changed_files: 2 },
    })
    const before = await bot.pulls.get({ ...demo, pull_number })
    await git('checkout', '-q', 'main')
    const main = await commit({ 'b.txt': 'in the way\n' })
    await git('push', '-q', 'origin', 'main')
    const stale = await bot.pulls.get({ ...demo, pull_number })
    expect(stale.data).toMatchObject({ mergeable: null, base: { sha: main } })
    await vi.waitFor(async () => {
      const settled = await bot.pulls.get({ ...demo, pull_number })
      expect(settled.data).toMatchObject({ mergeable: false, mergeable_state: 'dirty' })
    })
    expect(before.data.mergeable).toBe(true)
    expect(await git('ls-remote', 'origin', `refs/pull/${pull_number}/merge`)).toBe('')
    const merge = await refusal(bot.pulls.merge({ ...demo, pull_number }))
    expect(merge).toMatchObject({ status: 405, message: expect.stringContaining('not mergeable') })
  }))

test.each([
  ['merge', '3', 'gardener[bot]|GitHub|Merge pull request #1 from octo/topic\n\nTake topic'],
  ['squash', '1', 'octo|GitHub|Take topic (#1)\n\n* Change on topic\n\n* Again'],
  ['rebase', '2', 'Ada|gardener[bot]|Again'],
] as const)('merging by %s makes the commits GitHub makes and closes the pull request', (merge_method, count, text) =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { bot, commit, git, heard, last } = code
    const main = await git('rev-parse', 'HEAD')
    const { pull_number } = await open(code)
    const head = await commit({ 'b.txt': 'more\n' }, 'Again')
    await git('push', '-q', 'origin', 'topic')
    await heard()
    const merged = await bot.pulls.merge({ ...demo, pull_number, merge_method, sha: head })
    expect(merged.data).toMatchObject({ merged: true, message: 'Pull Request successfully merged' })
    const { sha } = merged.data
    expect(await heard()).toEqual(['push', 'check_suite.requested', 'pull_request.closed'])
    expect(last('push')).toMatchObject({ ref: 'refs/heads/main', before: main, after: sha })
    const closed = { state: 'closed', merged: true, merge_commit_sha: sha, merged_by: { login: 'gardener[bot]' } }
    expect((await bot.pulls.get({ ...demo, pull_number })).data).toMatchObject(closed)
    expect((await bot.pulls.checkIfMerged({ ...demo, pull_number })).status).toBe(204)
    await git('fetch', '-q')
    expect(await git('log', '--format=%an|%cn|%B', '-1', sha)).toBe(text)
    expect(await git('rev-list', '--count', `${main}..${sha}`)).toBe(count)
    expect(await git('show', `${sha}:b.txt`)).toBe('more')
    const events = await bot.issues.listEvents({ ...demo, issue_number: pull_number })
    expect(events.data.map(({ event }) => event)).toEqual(['merged', 'closed'])
  }),
)

test('nothing is merged when the head has moved, for a draft, or after closing', () =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { octo, bot, commit, git, heard } = code
    const { head, pull_number } = await open(code)
    const next = await commit({ 'b.txt': 'more\n' })
    await git('push', '-q', 'origin', 'topic')
    expect(await refusal(bot.pulls.merge({ ...demo, pull_number, sha: head }))).toMatchObject({
      status: 409,
      message: expect.stringContaining('Head branch was modified. Review and try the merge again.'),
    })
    await octo.pulls.update({ ...demo, pull_number, state: 'closed' })
    await heard()
    expect(await refusal(bot.pulls.merge({ ...demo, pull_number, sha: next }))).toMatchObject({ status: 405 })
    expect(await git('ls-remote', 'origin', `refs/pull/${pull_number}/merge`)).toBe('')
    await octo.pulls.update({ ...demo, pull_number, state: 'open' })
    expect(await heard()).toEqual(['pull_request.reopened'])
    await git('push', '-q', 'origin', 'HEAD:draft')
    const draft = await octo.pulls.create({ ...demo, title: 'Later', head: 'octo:draft', base: 'main', draft: true })
    const drafted = await refusal(bot.pulls.merge({ ...demo, pull_number: draft.data.number }))
    expect(drafted).toMatchObject({ status: 405, message: expect.stringContaining('still a draft') })
    expect(await refusal(bot.pulls.checkIfMerged({ ...demo, pull_number }))).toMatchObject({ status: 404 })
  }))

test('a pull request is refused for GitHub’s reasons, and pull requests are found by their branches', () =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { octo, git } = code
    await open(code)
    await git('push', '-q', 'origin', 'origin/main:refs/heads/same')
    const create = (head: string, base: string) => refusal(octo.pulls.create({ ...demo, title: 'x', head, base }))
    expect((await create('topic', 'main')).message).toContain('A pull request already exists for octo:topic.')
    expect((await create('same', 'main')).message).toContain('No commits between main and same')
    expect(await create('none', 'main')).toMatchObject({ status: 422, message: expect.stringContaining('head') })
    expect(await create('topic', 'none')).toMatchObject({ status: 422, message: expect.stringContaining('base') })
    const found = async (query: object) => (await octo.pulls.list({ ...demo, ...query })).data.length
    expect(await found({ head: 'octo:topic' })).toBe(1)
    expect(await found({ head: 'octo:none' })).toBe(0)
    expect(await found({ base: 'none' })).toBe(0)
    expect(await found({ state: 'closed' })).toBe(0)
  }))

test('title, body and base can be changed, and each change is told', () =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { octo, git, heard, last } = code
    const { pull_number } = await open(code)
    await git('push', '-q', 'origin', 'origin/main:refs/heads/release')
    await heard()
    await octo.pulls.update({ ...demo, pull_number, title: 'Better', body: 'Because' })
    expect(await heard()).toEqual(['pull_request.edited'])
    expect(last('pull_request.edited')).toMatchObject({
      changes: { title: { from: 'Take topic' }, body: { from: 'Why' } },
    })
    const { data } = await octo.pulls.update({ ...demo, pull_number, base: 'release' })
    expect(data.base.ref).toBe('release')
    expect(await heard()).toEqual(['pull_request.edited'])
    expect(last('pull_request.edited')).toMatchObject({ changes: { base: { ref: { from: 'main' } } } })
  }))

test('files and commits of a pull request are those since the merge base', () =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { bot, commit, git } = code
    const { head, pull_number } = await open(code)
    await git('checkout', '-q', 'main')
    await commit({ 'main.txt': 'm\n' })
    await git('push', '-q', 'origin', 'main')
    const files = await bot.pulls.listFiles({ ...demo, pull_number })
    expect(files.data).toMatchObject([{ filename: 'b.txt', status: 'added', patch: '@@ -0,0 +1 @@\n+b' }])
    expect((await bot.pulls.listCommits({ ...demo, pull_number })).data).toMatchObject([{ sha: head }])
    const associated = await bot.repos.listPullRequestsAssociatedWithCommit({ ...demo, commit_sha: head })
    expect(associated.data.map(({ number }) => number)).toEqual([pull_number])
    const diff = await bot.pulls.get({ ...demo, pull_number, mediaType: { format: 'diff' } })
    expect(diff.data).toContain('+++ b/b.txt')
    const updated = await bot.pulls.updateBranch({ ...demo, pull_number, expected_head_sha: head })
    expect(updated.status).toBe(202)
    expect((await bot.pulls.listCommits({ ...demo, pull_number })).data).toHaveLength(2)
    const again = await refusal(bot.pulls.updateBranch({ ...demo, pull_number }))
    expect(again.message).toContain('no new commits on the base branch')
    const stale = await refusal(bot.pulls.updateBranch({ ...demo, pull_number, expected_head_sha: head }))
    expect(stale.message).toContain('expected head sha')
  }))

test('a push of the head to the base merges the pull request, and a deleted branch closes it', () =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { octo, git, heard } = code
    const { head, pull_number } = await open(code)
    await heard()
    await git('push', '-q', 'origin', `${head}:main`)
    expect(await heard()).toEqual(['push', 'pull_request.closed'])
    expect((await octo.pulls.get({ ...demo, pull_number })).data).toMatchObject({ merged: true, state: 'closed' })
    await git('fetch', '-q')
    const other = await open(code, { 'c.txt': 'c\n' }, 'other')
    await heard()
    await octo.git.deleteRef({ ...demo, ref: 'heads/other' })
    expect(await heard()).toEqual(['delete', 'push', 'pull_request.closed'])
    expect((await octo.pulls.get({ ...demo, pull_number: other.pull_number })).data).toMatchObject({
      merged: false,
      state: 'closed',
    })
    const reopened = octo.pulls.update({ ...demo, pull_number: other.pull_number, state: 'open' })
    expect(await refusal(reopened)).toMatchObject({ status: 422 })
  }))

test('a protected base wants its checks and reviews first', () =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { github, bot, person, heard, last } = code
    await github.protect('octo/demo', 'main', { requiredChecks: ['build', 'lint'], requiredReviews: 1 })
    const { head, pull_number } = await open(code)
    const merge = async () => (await refusal(bot.pulls.merge({ ...demo, pull_number }))).message
    expect(await merge()).toContain('2 of 2 required status checks have not succeeded: 2 expected.')
    await heard()
    expect((await bot.pulls.get({ ...demo, pull_number })).data.mergeable_state).toBe('blocked')
    await bot.checks.create({ ...demo, name: 'build', head_sha: head, conclusion: 'success' })
    const failing = await bot.checks.create({ ...demo, name: 'lint', head_sha: head, conclusion: 'failure' })
    expect(await merge()).toContain('Required status check "lint" is failing.')
    await bot.checks.update({ ...demo, check_run_id: failing.data.id, conclusion: 'success' })
    expect(await merge()).toContain('At least 1 approving review is required by reviewers with write access.')
    const reader = await person('reader', 'read')
    await reader.pulls.createReview({ ...demo, pull_number, event: 'APPROVE' })
    expect(await merge()).toContain('At least 1 approving review')
    const writer = await person('writer', 'write')
    await writer.pulls.createReview({ ...demo, pull_number, event: 'REQUEST_CHANGES', body: 'No' })
    expect(await merge()).toContain('Changes have been requested')
    await heard()
    await writer.pulls.createReview({ ...demo, pull_number, event: 'APPROVE' })
    expect(await heard()).toEqual(['pull_request_review.submitted'])
    expect(last('pull_request_review.submitted')).toMatchObject({
      review: { state: 'approved', user: { login: 'writer' } },
    })
    expect((await bot.pulls.merge({ ...demo, pull_number })).data.merged).toBe(true)
  }))

test('reviews are asked for, given, listed and dismissed', () =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { octo, person, heard, last } = code
    const { head, pull_number } = await open(code)
    const writer = await person('writer', 'write')
    await heard()
    await octo.pulls.requestReviewers({ ...demo, pull_number, reviewers: ['writer'] })
    expect(await heard()).toEqual(['pull_request.review_requested'])
    expect(last('pull_request.review_requested')).toMatchObject({ requested_reviewer: { login: 'writer' } })
    const asked = async () => (await octo.pulls.listRequestedReviewers({ ...demo, pull_number })).data.users.length
    expect(await asked()).toBe(1)
    const strangers = octo.pulls.requestReviewers({ ...demo, pull_number, reviewers: ['nobody'] })
    expect(await refusal(strangers)).toMatchObject({ status: 422 })
    const own = octo.pulls.createReview({ ...demo, pull_number, event: 'APPROVE' })
    expect((await refusal(own)).message).toContain('approve your own pull request')
    const empty = writer.pulls.createReview({ ...demo, pull_number, event: 'COMMENT' })
    expect(await refusal(empty)).toMatchObject({ status: 422 })
    const given = await writer.pulls.createReview({ ...demo, pull_number, event: 'APPROVE', body: 'Good' })
    expect(given.data).toMatchObject({ state: 'APPROVED', commit_id: head })
    expect(await asked()).toBe(0)
    const review_id = given.data.id
    await octo.pulls.dismissReview({ ...demo, pull_number, review_id, message: 'Too old' })
    expect((await octo.pulls.getReview({ ...demo, pull_number, review_id })).data.state).toBe('DISMISSED')
    expect((await octo.pulls.listReviews({ ...demo, pull_number })).data).toHaveLength(1)
    expect(await heard()).toEqual(['pull_request_review.submitted', 'pull_request_review.dismissed'])
  }))

test('a merge into the default branch closes the issues that the pull request or its commits say they close', () =>
  withCode({ 'a.txt': 'one\n' }, async (code) => {
    const { octo, bot, commit, git, heard } = code
    for (const title of ['one', 'two', 'three']) await octo.issues.create({ ...demo, title })
    await git('checkout', '-q', '-b', 'topic')
    await commit({ 'b.txt': 'b\n' }, 'Change\n\nFixes #2')
    await git('push', '-q', 'origin', 'topic')
    const body = 'This resolves #1, not #3 or prefixes #3.'
    const opened = await octo.pulls.create({ ...demo, title: 'Take it', body, head: 'topic', base: 'main' })
    await heard()
    await bot.pulls.merge({ ...demo, pull_number: opened.data.number, merge_method: 'squash' })
    expect((await heard()).filter((name) => name === 'issues.closed')).toHaveLength(2)
    const open = await octo.issues.listForRepo({ ...demo })
    expect(open.data.map(({ title }) => title)).toEqual(['three'])
  }))
