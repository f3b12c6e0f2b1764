import { createHmac, randomUUID } from 'node:crypto'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { identityIn } from '../../src/commands/embedded/identity.ts'
import type { World } from './world.ts'

/** One delivery as GitHub keeps it in its log. */
export type Logged = { event: string; id: string; payload: Record<string, unknown> }

/** The newest delivery of an event and action, from GitHub's own log of deliveries. */
export async function lastDelivery({ github, dir }: World, event: string, action: string): Promise<Logged> {
  const auth = { appId: 1, privateKey: identityIn(dir).privateKey }
  const app = new Octokit({ baseUrl: github.apiUrl, authStrategy: createAppAuth, auth })
  const { data } = await app.apps.listWebhookDeliveries({ per_page: 100 })
  const found = data.find((each) => each.event === event && each.action === action)
  if (!found) throw new Error(`no ${event}.${action} was delivered`)
  const { data: whole } = await app.apps.getWebhookDelivery({ delivery_id: found.id })
  return { event, id: whole.guid, payload: whole.request.payload ?? {} }
}

/** Sends a webhook to the app, signed as GitHub signs it or with another secret; answers the status. */
export async function deliver(
  { hook }: World,
  { event, id = randomUUID(), payload }: { event: string; id?: string; payload: unknown },
  secret = hook.secret,
): Promise<number> {
  const body = JSON.stringify(payload)
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const headers = {
    'content-type': 'application/json',
    'x-github-delivery': id,
    'x-github-event': event,
    'x-hub-signature-256': `sha256=${signature}`,
  }
  const answer = await fetch(hook.url, { method: 'POST', headers, body })
  await answer.body?.cancel()
  return answer.status
}
