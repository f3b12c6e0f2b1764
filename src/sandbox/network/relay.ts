import { request as requestPlain, type IncomingMessage, type ServerResponse } from 'node:http'
import { request as requestSafe } from 'node:https'
import { isIP } from 'node:net'
import type { Transform } from 'node:stream'
import type { Target } from './hosts.ts'

/** A key of the operator that commands use without having it: `placeholder` stands for it in requests to `origin` only. */
export type Placeholder = { placeholder: string; value: string; origin: string }

export type Relayed = Target & { scheme: 'http' | 'https'; path: string; address: string }

/** Headers that belong to one connection, RFC 9110, 7.6.1, and those that a proxy is told. */
const OWN = ['connection', 'keep-alive', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'upgrade', 'host']

/** `https://host` or `http://host:port`, as the operator names where a key belongs. */
export function originOf({ scheme, host, port }: Pick<Relayed, 'scheme' | 'host' | 'port'>): string {
  return new URL(`${scheme}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`).origin
}

/** Sends one request on to the address that was judged, with keys in place of their placeholders, and brings the answer back. */
export function relay(
  request: IncomingMessage,
  response: ServerResponse,
  to: Relayed,
  keys: Placeholder[],
  meter: () => Transform,
): void {
  const origin = originOf(to)
  const fitting = keys.filter((key) => key.origin === origin)
  const filled = (text: string) =>
    fitting.reduce((done, { placeholder, value }) => done.replaceAll(placeholder, () => value), text)
  const headers: Record<string, string | string[]> = { host: new URL(origin).host }
  for (const [name, values = []] of Object.entries(request.headersDistinct)) {
    if (!OWN.includes(name)) headers[name] = values.map(filled)
  }
  const send = to.scheme === 'https' ? requestSafe : requestPlain
  const upstream = send({
    host: to.address,
    port: to.port,
    method: request.method ?? 'GET',
    path: to.path,
    headers,
    agent: false,
    ...(to.scheme === 'https' && isIP(to.host) === 0 ? { servername: to.host } : {}),
  })
  const fail = (error: Error) => {
    if (response.headersSent) response.destroy(error)
    else
      response.writeHead(502, { 'content-type': 'text/plain' }).end(`${to.host} cannot be reached: ${error.message}\n`)
  }
  upstream.on('error', fail)
  response.on('close', () => upstream.destroy())
  upstream.on('response', (answer) => {
    const given = Object.entries(answer.headersDistinct).filter(([name]) => !OWN.includes(name))
    response.writeHead(answer.statusCode ?? 502, Object.fromEntries(given))
    answer.on('error', fail)
    answer.pipe(meter().on('error', fail)).pipe(response)
  })
  request.pipe(meter().on('error', fail)).pipe(upstream)
}
