import { expect, test } from 'vitest'

import { receiveWebhooks, refusal, withGitHub } from './fixture.ts'

const demo = { owner: 'octo', repo: 'demo' }

test('an issue with labels and assignees is opened, found and told about', async () => {
  const hook = await receiveWebhooks()
  await withGitHub(
    async ({ github, person }) => {
      await github.addRepository('octo/demo')
      await github.addUser('ann')
      await github.install('octo/demo')
      const octo = await person('octo')
      const created = await octo.issues.create({
        ...demo,
        title: 'It breaks',
        body: 'Often',
        labels: ['bug'],
        assignees: ['ann'],
      })
      expect(created.data).toMatchObject({
        number: 1,
        title: 'It breaks',
        body: 'Often',
        state: 'open',
        user: { login: 'octo', type: 'User' },
        author_association: 'OWNER',
        assignees: [{ login: 'ann' }],
        labels: [{ name: 'bug', color: 'ededed' }],
        html_url: `${github.url}/octo/demo/issues/1`,
        performed_via_github_app: null,
      })
      await octo.issues.create({ ...demo, title: 'Second' })
      const found = await octo.issues.listForRepo({ ...demo, labels: 'bug' })
      expect(found.data.map(({ number }) => number)).toEqual([1])
      const both = await octo.issues.listForRepo(demo)
      expect(both.data.map(({ number }) => number)).toEqual([2, 1])
      expect((await refusal(octo.issues.get({ ...demo, issue_number: 3 }))).status).toBe(404)
      await github.idle()
      const names = hook.received.map(({ name }) => name)
      expect(names).toEqual([
        'installation.created',
        'issues.opened',
        'label.created',
        'issues.labeled',
        'issues.assigned',
        'issues.opened',
      ])
      const labeled = hook.received.find(({ name }) => name === 'issues.labeled')
      expect(labeled?.payload).toMatchObject({
        label: { name: 'bug' },
        issue: { number: 1, labels: [{ name: 'bug' }] },
        sender: { login: 'octo' },
        repository: { full_name: 'octo/demo' },
        installation: { id: expect.any(Number) },
      })
    },
    { webhookUrl: hook.url },
  )
  await hook.close()
})

test('an edit tells what was there before, a close who closed it', async () => {
  const hook = await receiveWebhooks()
  await withGitHub(
    async ({ github, person }) => {
      await github.addRepository('octo/demo')
      await github.install('octo/demo')
      const octo = await person('octo')
      const issue = { ...demo, issue_number: 1 }
      await octo.issues.create({ ...demo, title: 'Before', body: 'old' })
      await octo.issues.update({ ...issue, title: 'After', body: 'new' })
      await octo.issues.update({ ...issue, title: 'After' })
      const closed = await octo.issues.update({ ...issue, state: 'closed', state_reason: 'not_planned' })
      expect(closed.data).toMatchObject({ state: 'closed', state_reason: 'not_planned', closed_at: expect.any(String) })
      expect((await octo.issues.get(issue)).data.closed_by).toMatchObject({ login: 'octo' })
      expect((await octo.issues.listForRepo(demo)).data).toEqual([])
      const reopened = await octo.issues.update({ ...issue, state: 'open' })
      expect(reopened.data).toMatchObject({ state: 'open', state_reason: 'reopened', closed_at: null })
      await github.idle()
      const told = hook.received.filter(({ event }) => event === 'issues')
      expect(told.map(({ name }) => name)).toEqual([
        'issues.opened',
        'issues.edited',
        'issues.closed',
        'issues.reopened',
      ])
      expect(told[1]?.payload['changes']).toEqual({ title: { from: 'Before' }, body: { from: 'old' } })
      const events = await octo.issues.listEvents(issue)
      expect(events.data.map(({ event }) => event)).toEqual(['renamed', 'closed', 'reopened'])
    },
    { webhookUrl: hook.url },
  )
  await hook.close()
})

test('labels are put on once, made where missing, replaced and taken off', async () => {
  await withGitHub(async ({ github, person }) => {
    await github.addRepository('octo/demo')
    const octo = await person('octo')
    const issue = { ...demo, issue_number: 1 }
    await octo.issues.createLabel({ ...demo, name: 'wanted', color: '00FF00', description: 'yes' })
    await octo.issues.create({ ...demo, title: 'T' })
    await octo.issues.addLabels({ ...issue, labels: ['Wanted', 'new one'] })
    const twice = await octo.issues.addLabels({ ...issue, labels: ['wanted'] })
    expect(twice.data.map(({ name }) => name)).toEqual(['wanted', 'new one'])
    expect(twice.data[0]).toMatchObject({ color: '00ff00', description: 'yes' })
    await octo.issues.removeLabel({ ...issue, name: 'new one' })
    expect(await refusal(octo.issues.removeLabel({ ...issue, name: 'new one' }))).toMatchObject({
      status: 404,
      message: expect.stringContaining('Label does not exist'),
    })
    await octo.issues.setLabels({ ...issue, labels: ['a', 'b'] })
    expect((await octo.issues.listLabelsOnIssue(issue)).data.map(({ name }) => name)).toEqual(['a', 'b'])
    await octo.issues.removeAllLabels(issue)
    expect((await octo.issues.get(issue)).data.labels).toEqual([])
    const repository = await octo.issues.listLabelsForRepo(demo)
    expect(repository.data.map(({ name }) => name)).toEqual(['wanted', 'new one', 'a', 'b'])
    expect((await refusal(octo.issues.createLabel({ ...demo, name: 'WANTED' }))).status).toBe(422)
    expect((await octo.issues.getLabel({ ...demo, name: 'new one' })).data.name).toBe('new one')
    const events = await octo.issues.listEvents(issue)
    expect(events.data.map(({ event }) => event).slice(0, 3)).toEqual(['labeled', 'labeled', 'unlabeled'])
  })
})

test('comments carry who wrote them, through which app, and tell of each change', async () => {
  const hook = await receiveWebhooks()
  await withGitHub(
    async ({ github, installation, person }) => {
      await github.addRepository('octo/demo')
      const app = installation(await github.install('octo/demo'))
      const ann = await person('ann')
      const octo = await person('octo')
      const issue = { ...demo, issue_number: 1 }
      await ann.issues.create({ ...demo, title: 'Please' })
      const own = await app.issues.createComment({ ...issue, body: 'On it' })
      expect(own.data).toMatchObject({
        user: { login: 'gardener[bot]', type: 'Bot' },
        performed_via_github_app: { slug: 'gardener' },
        author_association: 'NONE',
        html_url: `${github.url}/octo/demo/issues/1#issuecomment-${own.data.id}`,
      })
      await github.setCollaborator('octo/demo', 'ann', 'write')
      const theirs = await ann.issues.createComment({ ...issue, body: 'thanks' })
      expect(theirs.data).toMatchObject({ author_association: 'COLLABORATOR', performed_via_github_app: null })
      await app.issues.updateComment({ ...demo, comment_id: own.data.id, body: 'Done' })
      await octo.issues.deleteComment({ ...demo, comment_id: theirs.data.id })
      const listed = await app.issues.listComments(issue)
      expect(listed.data.map(({ body }) => body)).toEqual(['Done'])
      expect((await app.issues.get(issue)).data.comments).toBe(1)
      expect((await app.issues.listCommentsForRepo({ ...demo, sort: 'updated' })).data.length).toBe(1)
      expect((await refusal(app.issues.getComment({ ...demo, comment_id: theirs.data.id }))).status).toBe(404)
      await github.idle()
      const told = hook.received.filter(({ event }) => event === 'issue_comment')
      expect(told.map(({ name, payload }) => [name, (payload['sender'] as { login: string }).login])).toEqual([
        ['issue_comment.created', 'gardener[bot]'],
        ['issue_comment.created', 'ann'],
        ['issue_comment.edited', 'gardener[bot]'],
        ['issue_comment.deleted', 'octo'],
      ])
      expect(told[2]?.payload).toMatchObject({
        changes: { body: { from: 'On it' } },
        comment: { body: 'Done' },
        issue: { number: 1, comments: 2 },
      })
      const timeline = await app.issues.listEventsForTimeline(issue)
      expect(timeline.data).toMatchObject([{ event: 'commented', body: 'Done', user: { login: 'gardener[bot]' } }])
    },
    { webhookUrl: hook.url },
  )
  await hook.close()
})

test('a stranger may speak in a public repository, but neither sort nor edit others', async () => {
  await withGitHub(async ({ github, person }) => {
    await github.addRepository('octo/demo')
    const octo = await person('octo')
    const eve = await person('eve')
    const issue = { ...demo, issue_number: 1 }
    const { data } = await eve.issues.create({ ...demo, title: 'Mine', labels: ['bug'] })
    expect(data.labels).toEqual([])
    await eve.issues.update({ ...issue, title: 'Still mine' })
    expect((await refusal(eve.issues.addLabels({ ...issue, labels: ['bug'] }))).status).toBe(403)
    const comment = await octo.issues.createComment({ ...issue, body: 'no' })
    const change = { ...demo, comment_id: comment.data.id, body: 'yes' }
    expect((await refusal(eve.issues.updateComment(change))).status).toBe(403)
    await octo.issues.create({ ...demo, title: 'Not hers' })
    expect((await refusal(eve.issues.update({ ...demo, issue_number: 2, state: 'closed' }))).status).toBe(403)
  })
})

test('empty and overlong texts are refused as GitHub does', async () => {
  await withGitHub(async ({ github, person }) => {
    await github.addRepository('octo/demo')
    const octo = await person('octo')
    const issue = { ...demo, issue_number: 1 }
    await octo.issues.create({ ...demo, title: 'T' })
    expect((await refusal(octo.issues.create({ ...demo, title: ' ' }))).status).toBe(422)
    expect((await refusal(octo.issues.createComment({ ...issue, body: '  ' }))).status).toBe(422)
    const long = await refusal(octo.issues.createComment({ ...issue, body: 'x'.repeat(65_537) }))
    expect(long).toMatchObject({ status: 422, message: expect.stringContaining('maximum is 65536 characters') })
    await octo.issues.createComment({ ...issue, body: 'x'.repeat(65_536) })
  })
})

test('the same reaction again is the one that is there', async () => {
  await withGitHub(async ({ github, installation, person }) => {
    await github.addRepository('octo/demo')
    const app = installation(await github.install('octo/demo'))
    const octo = await person('octo')
    const { data: issue } = await octo.issues.create({ ...demo, title: 'T' })
    const { data: comment } = await octo.issues.createComment({ ...demo, issue_number: 1, body: '/go' })
    const on = { ...demo, comment_id: comment.id }
    const first = await app.reactions.createForIssueComment({ ...on, content: 'eyes' })
    const again = await app.reactions.createForIssueComment({ ...on, content: 'eyes' })
    expect([first.status, again.status, again.data.id]).toEqual([201, 200, first.data.id])
    await octo.reactions.createForIssueComment({ ...on, content: '+1' })
    const eyes = await app.reactions.listForIssueComment({ ...on, content: 'eyes' })
    expect(eyes.data).toMatchObject([{ content: 'eyes', user: { login: 'gardener[bot]' } }])
    const shown = await app.issues.getComment(on)
    expect(shown.data.reactions).toMatchObject({ total_count: 2, eyes: 1, '+1': 1 })
    await app.reactions.createForIssue({ ...demo, issue_number: issue.number, content: 'rocket' })
    expect((await app.reactions.listForIssue({ ...demo, issue_number: 1 })).data.length).toBe(1)
  })
})
