import { verify } from '@octokit/webhooks-methods'
import { expect, test } from 'vitest'

import { APP, receiveWebhooks, withGitHub } from './fixture.ts'

const demo = { owner: 'octo', repo: 'demo' }

test('a webhook is signed, named and logged, and delivered again under the same id when asked', async () => {
  const hook = await receiveWebhooks()
  await withGitHub(
    async ({ github, app, person }) => {
      await github.addRepository('octo/demo')
      const id = await github.install('octo/demo')
      const octo = await person('octo')
      await octo.issues.create({ ...demo, title: 'Ünïcode' })
      await github.idle()
      const [, opened] = hook.received
      expect(opened?.headers).toMatchObject({
        'x-github-event': 'issues',
        'x-github-hook-id': expect.any(String),
        'x-github-hook-installation-target-type': 'integration',
        'content-type': 'application/json',
      })
      const signature = String(opened?.headers['x-hub-signature-256'])
      expect(await verify(APP.webhookSecret, opened?.body ?? '', signature)).toBe(true)
      expect(opened?.payload['installation']).toMatchObject({ id })

      const log = await app.apps.listWebhookDeliveries()
      expect(log.data).toMatchObject([
        { guid: opened?.guid, event: 'issues', action: 'opened', status: 'OK', status_code: 202, redelivery: false },
        { event: 'installation', action: 'created' },
      ])
      const delivery_id = log.data[0]?.id ?? 0
      const whole = await app.apps.getWebhookDelivery({ delivery_id })
      expect(whole.data).toMatchObject({
        request: { headers: { 'x-github-delivery': opened?.guid }, payload: { issue: { title: 'Ünïcode' } } },
        response: { payload: 'taken' },
      })
      await app.apps.redeliverWebhookDelivery({ delivery_id })
      await github.idle()
      expect(hook.received.at(-1)).toMatchObject({ guid: opened?.guid, body: opened?.body })
      const page = await app.apps.listWebhookDeliveries({ per_page: 1 })
      expect(page.data).toMatchObject([{ guid: opened?.guid, redelivery: true }])
      const cursor = /cursor=(v1_\d+)/.exec(page.headers.link ?? '')?.[1] ?? ''
      const next = await app.apps.listWebhookDeliveries({ per_page: 1, cursor })
      expect(next.data[0]?.id).toBe(delivery_id)
      expect((await app.apps.getWebhookConfigForApp()).data.url).toBe(hook.url)
    },
    { webhookUrl: hook.url },
  )
  await hook.close()
})

test('only subscribed events of installed repositories are sent, in the order they happened', async () => {
  const hook = await receiveWebhooks()
  await withGitHub(
    async ({ github, person }) => {
      await github.addRepository('octo/demo')
      await github.addRepository('octo/other')
      await github.install('octo/demo')
      const octo = await person('octo')
      await octo.issues.create({ owner: 'octo', repo: 'other', title: 'unheard' })
      const titles = Array.from({ length: 8 }, (_, number) => `issue ${number}`)
      for (const title of titles) await octo.issues.create({ ...demo, title })
      await github.idle()
      const heard = hook.received.filter(({ event }) => event === 'issues')
      expect(heard.map(({ payload }) => (payload['issue'] as { title: string }).title)).toEqual(titles)
    },
    { webhookUrl: hook.url },
  )
  await hook.close()
})

test('a failed delivery is logged and not tried again', async () => {
  const hook = await receiveWebhooks((_, response) => response.writeHead(500).end('broken'))
  await withGitHub(
    async ({ github, app, person }) => {
      await github.addRepository('octo/demo')
      await github.install('octo/demo')
      await github.idle()
      await hook.close()
      const octo = await person('octo')
      await octo.issues.create({ ...demo, title: 'T' })
      await github.idle()
      expect(hook.received.length).toBe(1)
      const failed = await app.apps.listWebhookDeliveries({ status: 'failure' })
      expect(failed.data.map(({ event, status_code }) => [event, status_code])).toEqual([
        ['issues', 0],
        ['installation', 500],
      ])
      expect((await app.apps.listWebhookDeliveries({ status: 'success' })).data).toEqual([])
    },
    { webhookUrl: hook.url },
  )
})

test('deliveries are dropped, doubled and put in the wrong order on purpose', async () => {
  const hook = await receiveWebhooks()
  await withGitHub(
    async ({ github, app, person }) => {
      await github.addRepository('octo/demo')
      await github.install('octo/demo')
      const octo = await person('octo')
      await github.idle()
      hook.received.length = 0
      github.faults.webhooks({ drop: (event) => event === 'issue_comment', duplicate: true })
      await octo.issues.create({ ...demo, title: 'T' })
      await octo.issues.createComment({ ...demo, issue_number: 1, body: 'lost' })
      await github.idle()
      expect(hook.received.map(({ name }) => name)).toEqual(['issues.opened', 'issues.opened'])
      expect(new Set(hook.received.map(({ guid }) => guid)).size).toBe(1)
      const [lost] = (await app.apps.listWebhookDeliveries()).data
      expect(lost).toMatchObject({ event: 'issue_comment', status_code: 0 })

      hook.received.length = 0
      github.faults.webhooks({ reorder: true })
      await octo.issues.create({ ...demo, title: 'labelled', labels: ['bug'] })
      await github.idle()
      expect(hook.received.map(({ name }) => name)).toEqual(['issues.labeled', 'label.created', 'issues.opened'])
    },
    { webhookUrl: hook.url },
  )
  await hook.close()
})

test('with the webhook turned off nothing is kept for later', async () => {
  const hook = await receiveWebhooks()
  await withGitHub(
    async ({ github, person }) => {
      await github.addRepository('octo/demo')
      await github.install('octo/demo')
      const octo = await person('octo')
      await github.idle()
      github.setWebhookUrl(null)
      await octo.issues.create({ ...demo, title: 'unheard' })
      github.setWebhookUrl(hook.url)
      await octo.issues.create({ ...demo, title: 'heard' })
      await github.idle()
      const opened = hook.received.filter(({ name }) => name === 'issues.opened')
      expect(opened.map(({ payload }) => (payload['issue'] as { title: string }).title)).toEqual(['heard'])
    },
    { webhookUrl: hook.url },
  )
  await hook.close()
})
