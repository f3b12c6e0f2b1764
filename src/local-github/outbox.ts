import { createHmac } from 'node:crypto'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

import type { World } from './contract.ts'
import type { WebhookFaults } from './faults.ts'
import type { DeliveryRecord } from './records.ts'

const TIMEOUT_MS = 10_000
/** The delivery log keeps this many. */
const KEPT = 1000
/** How long deliveries gather before they are sent in the wrong order. */
const GATHER_MS = 100

export interface Outbox {
  /** Stores a delivery and sends it as soon as those of the same repository before it are through. */
  add(delivery: DeliveryRecord): void
  /** Null: nothing is sent, and what waits goes on waiting. */
  setUrl(url: string | null): void
  url(): string | null
  /** True while something is under way or could be sent. */
  busy(): boolean
  /** Cuts off what is under way. */
  close(): Promise<void>
}

type Response = NonNullable<DeliveryRecord['response']>

/** Sends webhooks, in order for each repository, one attempt each as GitHub does. Waiting ones survive in the store. */
export function createOutbox(world: World, faults: () => WebhookFaults): Outbox {
  const queues = new Map<number, DeliveryRecord[]>()
  const sending = new Map<number, Promise<void>>()
  let url: string | null = null
  // A delivery cut off by the end of the process counts as not sent and is sent after the next start.
  const ending = new AbortController()

  const lane = (delivery: DeliveryRecord): number => delivery.aboutRepositoryId ?? 0
  function enqueue(delivery: DeliveryRecord): void {
    const queue = queues.get(lane(delivery))
    if (queue === undefined) queues.set(lane(delivery), [delivery])
    else queue.push(delivery)
  }
  for (const delivery of world.store.list('delivery')) if (delivery.response === null) enqueue(delivery)

  function wake(): void {
    for (const [key, queue] of queues) {
      if (queue.length === 0 || sending.has(key)) continue
      sending.set(
        key,
        drain(queue).finally(() => sending.delete(key)),
      )
    }
  }

  async function drain(queue: DeliveryRecord[]): Promise<void> {
    // What was put with the delivery must be on disk before anybody hears of it.
    await Promise.resolve()
    while (url !== null && !ending.signal.aborted && queue.length > 0) {
      const { drop, duplicate, reorder } = faults()
      if (reorder === true) await new Promise((resolve) => setTimeout(resolve, GATHER_MS))
      const delivery = reorder === true ? queue.pop() : queue.shift()
      if (delivery === undefined) return
      const started = new Date()
      const headers = headersOf(world, delivery)
      const target = url
      const dropped = drop?.(delivery.event) === true
      const send = () => post(target, headers, delivery.payload, ending.signal)
      const response = dropped ? nobody('dropped on purpose') : await send()
      if (duplicate === true && !dropped) await send()
      if (ending.signal.aborted && response.status === 0) return
      world.store.put('delivery', {
        ...delivery,
        deliveredAt: started.toISOString(),
        durationMs: Date.now() - started.getTime(),
        requestHeaders: headers,
        response,
      })
      prune()
    }
  }

  function prune(): void {
    const known = world.store.list('delivery')
    const old = known.slice(0, Math.max(known.length - KEPT, 0)).filter(({ response }) => response !== null)
    for (const { id } of old) world.store.remove('delivery', id)
  }

  return {
    add(delivery) {
      world.store.put('delivery', delivery)
      enqueue(delivery)
      wake()
    },
    setUrl(given) {
      url = given
      wake()
    },
    url: () => url,
    busy: () => sending.size > 0 || (url !== null && [...queues.values()].some((queue) => queue.length > 0)),
    async close() {
      ending.abort()
      await Promise.all(sending.values())
    },
  }
}

function headersOf(world: World, delivery: DeliveryRecord): Record<string, string> {
  const signature = createHmac('sha256', world.app.webhookSecret).update(delivery.payload).digest('hex')
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/local',
    'x-github-delivery': delivery.guid,
    'x-github-event': delivery.event,
    'x-github-hook-id': String(world.app.id),
    'x-github-hook-installation-target-id': String(world.app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature-256': `sha256=${signature}`,
  }
}

const nobody = (reason: string): Response => ({ status: 0, reason, headers: {}, body: '' })

/** One POST on a connection of its own: a kept one could be dead after the app restarted. */
function post(url: string, headers: Record<string, string>, payload: string, ending: AbortSignal): Promise<Response> {
  return new Promise((resolve) => {
    const send = url.startsWith('https:') ? requestHttps : requestHttp
    const length = String(Buffer.byteLength(payload))
    const late = AbortSignal.timeout(TIMEOUT_MS)
    const signal = AbortSignal.any([late, ending])
    const options = { method: 'POST', agent: false, headers: { ...headers, 'content-length': length }, signal }
    const request = send(url, options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', (error) => resolve(nobody(error.message)))
      response.on('end', () => {
        const status = response.statusCode ?? 0
        const known = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
        const body = Buffer.concat(chunks).toString()
        resolve({ status, reason: response.statusMessage ?? '', headers: Object.fromEntries(known), body })
      })
    })
    request.on('error', (error) => resolve(nobody(late.aborted ? 'timed out' : error.message)))
    request.end(payload)
  })
}
