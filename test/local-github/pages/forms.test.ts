import { expect, test } from 'vitest'

import { receiveWebhooks } from '../fixture.ts'
import { partOf, visitorOf, withPages } from './browsing.ts'

const demo = { owner: 'octo', repo: 'demo' }

test('an issue opened, labelled, commented and closed at the pages is one of the API, and the app hears of it', async () => {
  const hook = await receiveWebhooks()
  try {
    await withPages(
      async ({ github, visitor, person }) => {
        await github.install('octo/demo')
        await visitor.actAs('ann')
        const opened = await visitor.send('/octo/demo/issues', {
          title: 'Be kind',
          body: 'a\r\nb',
          labels: 'soft, warm',
        })
        expect([opened.status, opened.headers.get('location')]).toEqual([303, '/octo/demo/issues/1'])
        await visitor.send('/octo/demo/issues/1/labels', { add: 'pawl' })
        await visitor.send('/octo/demo/issues/1/labels', { remove: 'soft' })
        const commented = await visitor.send('/octo/demo/issues/1/comments', { body: '/approve', do: 'comment' })
        expect(commented.headers.get('location')).toMatch(/^\/octo\/demo\/issues\/1#issuecomment-\d+$/)
        await visitor.send('/octo/demo/issues/1/comments', { body: 'enough', do: 'close' })
        const octo = await person('octo')
        const { data } = await octo.issues.get({ ...demo, issue_number: 1 })
        expect(data).toMatchObject({ title: 'Be kind', body: 'a\r\nb', state: 'closed', user: { login: 'ann' } })
        expect(data.labels).toMatchObject([{ name: 'warm' }, { name: 'pawl' }])
        await visitor.send('/octo/demo/issues/1/comments', { body: '', do: 'reopen' })
        expect((await octo.issues.get({ ...demo, issue_number: 1 })).data.state).toBe('open')
        await github.idle()
        const heard = hook.received.map(({ name }) => name).filter((name) => name.startsWith('issue'))
        expect(heard).toEqual([
          'issues.opened',
          'issues.labeled',
          'issues.labeled',
          'issues.labeled',
          'issues.unlabeled',
          'issue_comment.created',
          'issue_comment.created',
          'issues.closed',
          'issues.reopened',
        ])
      },
      { webhookUrl: hook.url },
    )
  } finally {
    await hook.close()
  }
})

test('the timeline tells all that happened in order, and who mentioned it', async () => {
  await withPages(async ({ visitor, person }) => {
    const octo = await person('octo')
    await octo.issues.create({ ...demo, title: 'First' })
    await octo.issues.addLabels({ ...demo, issue_number: 1, labels: ['pawl'] })
    const { data: comment } = await octo.issues.createComment({ ...demo, issue_number: 1, body: 'A plan' })
    await octo.issues.create({ ...demo, title: 'Second', body: 'As in #1, but `#1` in code is nothing.' })
    await octo.issues.createComment({ ...demo, issue_number: 2, body: 'again #1' })
    await octo.issues.update({ ...demo, issue_number: 1, title: 'Other', state: 'closed' })
    const { text } = await visitor.get('/octo/demo/issues/1')
    const timeline = text.slice(text.indexOf('id="timeline"'), text.indexOf('id="side"'))
    const places = ['added the label', 'A plan', 'mentioned this in', 'changed the title', 'closed this']
    const found = places.map((place) => timeline.indexOf(place))
    expect(found).toEqual(found.toSorted((one, other) => one - other))
    expect(found).not.toContain(-1)
    expect(timeline.match(/mentioned this in/g)).toHaveLength(1)
    expect(partOf(text, `issuecomment-${comment.id}`)).toContain('A plan')
  })
})

test('a refusal shows the form again with its reason and what was typed', async () => {
  await withPages(async ({ github, visitor, person }) => {
    const octo = await person('octo')
    await octo.issues.create({ ...demo, title: 'First' })
    const untitled = await visitor.send('/octo/demo/issues', { title: ' ', body: 'long <text>', labels: '' })
    expect(untitled.status).toBe(422)
    expect(untitled.text).toContain('An issue needs a title.')
    expect(untitled.text).toContain('long &lt;text&gt;')
    const long = await visitor.send('/octo/demo/issues/1/comments', { body: 'x'.repeat(65_537), do: 'comment' })
    expect([long.status, long.text]).toEqual([422, expect.stringContaining('body is too long')])
    expect(long.text).toContain('x'.repeat(65_537))
    expect(long.text).not.toContain('data-live')
    expect((await visitor.send('/octo/demo/issues/1/comments', { body: ' ', do: 'comment' })).status).toBe(422)
    await github.addUser('stranger')
    await visitor.actAs('stranger')
    const forbidden = await visitor.send('/octo/demo/issues/1/labels', { add: 'pawl' })
    expect([forbidden.status, forbidden.text]).toEqual([
      403,
      expect.stringContaining('stranger cannot do this: Must have'),
    ])
    expect((await octo.issues.listLabelsOnIssue({ ...demo, issue_number: 1 })).data).toEqual([])
  })
})

test('only a form of these pages is taken, and no GET changes anything', async () => {
  await withPages(async ({ github, visitor, person }) => {
    const octo = await person('octo')
    await octo.issues.create({ ...demo, title: 'First' })
    const body = { body: 'forged', do: 'comment' }
    for (const origin of ['https://evil.example', 'null', github.url.replace(/\d+$/, '1')]) {
      const forged = await visitor.send('/octo/demo/issues/1/comments', body, { origin })
      expect([forged.status, forged.text]).toEqual([403, 'A form of another site is not taken here.\n'])
    }
    const direct = await fetch(`${github.url}/octo/demo/issues/1/comments`, {
      method: 'POST',
      body: new URLSearchParams(body),
    })
    expect(direct.status).toBe(403)
    await visitor.get('/octo/demo/issues/1/comments?body=forged&do=comment')
    const json = await visitor.send('/octo/demo/issues/1/comments', {}, { 'content-type': 'application/json' })
    expect(json.status).toBe(400)
    expect((await octo.issues.listComments({ ...demo, issue_number: 1 })).data).toEqual([])
  })
})

test('a person is chosen by a cookie of this site only; without one it is an admin', async () => {
  await withPages(async ({ github, visitor }) => {
    const acting = async (): Promise<string | undefined> => {
      const { text } = await visitor.get('/octo/demo/issues/new')
      return /<option selected>(\w+)</.exec(text)?.[1]
    }
    expect(await acting()).toBe('octo')
    await visitor.actAs('ann')
    expect(await acting()).toBe('ann')
    const chosen = await visitor.send('/_acting-as', { login: 'octo', back: '/octo/demo?x=1' })
    expect(chosen.headers.get('set-cookie')).toBe('acting-as=octo; Path=/; HttpOnly; SameSite=Lax')
    expect(chosen.headers.get('location')).toBe('/octo/demo?x=1')
    const unknown = await visitor.send('/_acting-as', { login: 'nobody', back: '/' })
    expect(unknown.headers.get('set-cookie')).toBeNull()
    for (const back of ['//evil.example', 'https://evil.example/', '/\\evil.example', '/..//evil.example']) {
      const { headers } = await visitor.send('/_acting-as', { login: 'ann', back })
      expect(new URL(headers.get('location') ?? '', github.url).origin).toBe(github.url)
    }
    await github.addRepository('acme/tools')
    await github.setCollaborator('acme/tools', 'ann', 'admin')
    expect((await visitorOf(github.url).get('/acme/tools/issues/new')).text).toContain('id="new-issue"')
  })
})

test('a private repository is shown to those who may read it', async () => {
  await withPages(async ({ github, visitor }) => {
    await github.addRepository('octo/secret', { private: true })
    expect((await visitor.get('/octo/secret/issues')).status).toBe(200)
    await visitor.actAs('ann')
    for (const path of ['/octo/secret', '/octo/secret/issues', '/octo/secret/issues/new']) {
      expect((await visitor.get(path)).status).toBe(404)
    }
    expect((await visitor.send('/octo/secret/issues', { title: 'T', body: '', labels: '' })).status).toBe(404)
    for (const path of ['/', '/octo']) expect((await visitor.get(path)).text).not.toContain('octo/secret')
  })
})
