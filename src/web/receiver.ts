import type { IncomingMessage, ServerResponse } from 'node:http'
import { verify } from '@octokit/webhooks-methods'

/** GitHub caps a webhook's payload at 25 MB ("Webhook events and payloads"); more is not from GitHub. */
const LARGEST_PAYLOAD = 25 * 1024 * 1024

export type Delivery = { id: string; event: string; payload: string }

export type Receiver = {
  secret: string
  /** Stores the delivery for good; false when this id is stored already. */
  accept(delivery: Delivery): Promise<boolean>
  log: { warn(fields: object, message: string): void }
}

/**
 * Takes a webhook: verifies its signature over the raw bytes, stores it, answers. No work is done before the answer, since
 * GitHub gives up after ten seconds and never sends it again by itself.
 */
export async function receiveWebhook(
  receiver: Receiver,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = (status: number, text: string) => {
    response.writeHead(status, { 'content-type': 'text/plain' }).end(text)
  }
  const body = await readBody(request)
  if (body === null) return answer(413, 'The payload is larger than any that GitHub sends.\n')
  const id = header(request, 'x-github-delivery')
  const event = header(request, 'x-github-event')
  const signature = header(request, 'x-hub-signature-256')
  if (!id || !event) return answer(400, 'X-GitHub-Delivery and X-GitHub-Event are required.\n')
  if (!signature || !(await signed(receiver.secret, body, signature))) {
    receiver.log.warn({ delivery: id, event }, 'webhook refused: its signature does not fit the webhook secret')
    return answer(401, 'The signature does not fit the webhook secret.\n')
  }
  if (!isJson(body))
    return answer(400, 'The payload is no JSON: set the content type of the webhook to application/json.\n')
  const fresh = await receiver.accept({ id, event, payload: body })
  answer(202, fresh ? 'Accepted.\n' : 'Known already.\n')
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A malformed signature is a wrong one. */
async function signed(secret: string, body: string, signature: string): Promise<boolean> {
  return verify(secret, body, signature).catch(() => false)
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= LARGEST_PAYLOAD) chunks.push(chunk)
  }
  return size > LARGEST_PAYLOAD ? null : Buffer.concat(chunks).toString('utf8')
}
