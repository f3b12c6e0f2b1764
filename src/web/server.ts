import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { receiveWebhook, type Receiver } from './receiver.ts'
import { statusPage, type StatusSource } from './status-page.ts'

/** Where GitHub is told to send webhooks: Probot's path for them. */
export const WEBHOOK_PATH = '/api/github/webhooks'

/** An app registered through Probot's set-up page has the bare address of that page as the address of its webhook. */
const SETUP_WEBHOOK_PATH = '/'

/** GitHub gives up a webhook after as long; whoever takes longer to say what he wants is cut off when we stop. */
const PATIENCE_MS = 10_000

export type WebParts = {
  receiver: Receiver
  status: StatusSource
  /** Whether work can be taken: `null`, or why not. */
  unready(): Promise<string | null>
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void }
}

export type WebServer = { url: string; port: number; stop(): Promise<void> }

/** Serves webhooks, health and the status page. `stop` takes no new request and lets running ones end. */
export async function startWebServer(parts: WebParts, listen: { host: string; port: number }): Promise<WebServer> {
  const server = createServer((request, response) => {
    // While we stop, a connection kept alive for a next request would hold us up.
    response.once('finish', () => server.listening || server.closeIdleConnections())
    route(parts, request, response).catch((error: unknown) => {
      parts.log.error({ err: error, path: request.url }, 'a request failed')
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
      response.end('Something failed here; the log of the app says what.\n')
    })
  })
  server.listen(listen.port, listen.host)
  await once(server, 'listening').catch((error: unknown) => {
    throw unusable(error, listen)
  })
  const { port } = server.address() as AddressInfo
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host
  return { url: `http://${host}:${port}`, port, stop: () => closed(server) }
}

async function route(parts: WebParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [pathname] = (request.url ?? '/').split('?', 1)
  const method = request.method ?? 'GET'
  const text = (status: number, body: string) => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body)
  }
  const isWebhook = method === 'POST' && (pathname === WEBHOOK_PATH || pathname === SETUP_WEBHOOK_PATH)
  if (isWebhook) return receiveWebhook(parts.receiver, request, response)
  if (pathname === WEBHOOK_PATH) return text(405, 'Webhooks are POSTed here.\n')
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'This page is only to be read.\n')
  if (pathname === '/healthz') return text(200, 'alive\n')
  if (pathname === '/readyz') {
    const reason = await parts.unready()
    return reason === null ? text(200, 'ready\n') : text(503, `${reason}\n`)
  }
  if (pathname !== '/') return text(404, 'There is no such page. The status page is at /\n')
  const page = await statusPage(parts.status)
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'x-content-type-options': 'nosniff',
  })
  response.end(page)
}

function unusable(error: unknown, listen: { host: string; port: number }): Error {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  const remedy = code === 'EADDRINUSE' ? 'Another process uses it: set PORT to another.' : 'Set HOST and PORT.'
  return new Error(`Pawl cannot listen on ${listen.host}:${listen.port} (${String(code)}). ${remedy}`)
}

async function closed(server: Server): Promise<void> {
  const gone = once(server, 'close')
  server.close()
  const late = setTimeout(() => server.closeAllConnections(), PATIENCE_MS)
  await gone
  clearTimeout(late)
}
