import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { notFound, refuse } from './answers.ts'
import { authenticate } from './authenticate.ts'
import type { Answer, Caller, Json } from './contract.ts'
import { match } from './openapi/match.ts'
import type { Operation } from './openapi/description.ts'
import type { createTraffic } from './traffic.ts'
import type { Machinery } from './world.ts'

const BASE = '/api/v3'
const LARGEST = 50 * 1024 * 1024

type Incoming = { ok: true; json: Json | undefined } | { ok: false; answer: Answer }

/** The API over HTTP: takes every request below `/api/v3`, or says false. */
export function createApi(
  machinery: Machinery,
  traffic: ReturnType<typeof createTraffic>,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const { world, perform, faults, limits } = machinery

  async function serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    // Read in any case: an answer to a half-read request breaks the connection.
    const incoming = await read(request)
    const authenticated = await authenticate(world, request.headers.authorization)
    if (!authenticated.ok) return send(request, response, { kind: 'anonymous' }, authenticated.answer)
    const { caller } = authenticated
    const path = url.pathname.slice(BASE.length) || '/'
    const found = match(request.method ?? 'GET', path === '/' ? path : path.replace(/\/$/, ''))
    if (!found.ok) return send(request, response, caller, notFound())
    // Asking for the limit is free.
    if (found.operation.id !== 'rate-limit/get') limits.spend(caller)
    if (limits.of(caller).used > limits.of(caller).limit) return send(request, response, caller, exhausted(caller))
    if (!incoming.ok) return send(request, response, caller, incoming.answer)

    const ours = isOurs(caller)
    if (ours) traffic.count(found.operation)
    const fault = ours ? faults.take(found.operation.id) : undefined
    if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs))
    if (fault?.status !== undefined && fault.afterwards !== true) {
      const refusal = refuse(fault.status, fault.message ?? 'Fault on purpose')
      return send(request, response, caller, { ...refusal, headers: fault.headers ?? {} })
    }
    const answer = await perform({
      operation: found.operation,
      caller,
      params: found.params,
      query: Object.fromEntries(url.searchParams),
      body: incoming.json,
      accept: (request.headers.accept ?? '').toLowerCase(),
    })
    world.store.flush()
    if (fault?.afterwards === true) response.destroy()
    else send(request, response, caller, withLink(answer, url, world.url), found.operation)
  }

  function isOurs(caller: Caller): boolean {
    return (caller.kind === 'app' || caller.kind === 'installation') && caller.app.id === world.app.id
  }

  function send(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    answer: Answer,
    operation?: Operation,
  ): void {
    const { body, contentType } = answer
    const text =
      typeof body === 'string' && contentType !== undefined ? body : body === undefined ? '' : JSON.stringify(body)
    const headers: Record<string, string> = {
      'x-github-request-id': requestId(),
      'x-github-media-type': 'github.v3; format=json',
    }
    let { status } = answer
    if (status === 200 && operation?.method === 'GET') {
      const etag = `W/"${createHash('sha256').update(text).digest('hex')}"`
      headers['etag'] = etag
      if (asksFor(request.headers['if-none-match'], etag)) {
        status = 304
        limits.refund(caller)
      }
    }
    const rate = limits.of(caller)
    for (const [name, value] of Object.entries(rate)) headers[`x-ratelimit-${name}`] = String(value)
    headers['x-ratelimit-resource'] = 'core'
    const hasBody = body !== undefined && status !== 304 && status !== 204
    if (hasBody) headers['content-type'] = contentType ?? 'application/json; charset=utf-8'
    response.writeHead(status, { ...headers, ...answer.headers })
    response.end(hasBody ? text : undefined)
  }

  return (request, response) => {
    const url = new URL(request.url ?? '/', world.url)
    if (url.pathname !== BASE && !url.pathname.startsWith(`${BASE}/`)) return false
    serve(request, response, url).catch((error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
      world.violation({ subject: `${request.method} ${url.pathname}`, part: 'fault', message })
      if (!response.headersSent) send(request, response, { kind: 'anonymous' }, refuse(500, 'Server Error'))
    })
    return true
  }
}

const requestId = (): string =>
  createHash('sha256').update(String(Math.random())).digest('hex').slice(0, 24).toUpperCase()

function asksFor(header: string | undefined, etag: string): boolean {
  const plain = (value: string): string => value.trim().replace(/^W\//, '')
  return header !== undefined && header.split(',').some((each) => plain(each) === plain(etag))
}

async function read(request: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= LARGEST) chunks.push(chunk)
  }
  if (size > LARGEST) return { ok: false, answer: refuse(413, 'Payload too large') }
  if (size === 0) return { ok: true, json: undefined }
  try {
    const json = JSON.parse(Buffer.concat(chunks).toString()) as Json
    if (typeof json === 'object' && json !== null) return { ok: true, json }
    return { ok: false, answer: refuse(400, 'Body should be a JSON object') }
  } catch {
    return { ok: false, answer: refuse(400, 'Problems parsing JSON') }
  }
}

function exhausted(caller: Caller): Answer {
  const whose = caller.kind === 'installation' ? `installation ID ${caller.installation?.id ?? 0}` : 'you'
  return refuse(403, `API rate limit exceeded for ${whose}.`)
}

/** Pages before and after, as GitHub's Link header names them. */
function withLink(answer: Answer, url: URL, origin: string): Answer {
  if (answer.pages === undefined) return answer
  const { page, last } = answer.pages
  const to = (number: number, rel: string): string => {
    const there = new URL(`${url.pathname}${url.search}`, origin)
    there.searchParams.set('page', String(number))
    return `<${there.href}>; rel="${rel}"`
  }
  const links: string[] = []
  if (page > 1) links.push(to(Math.min(page - 1, last), 'prev'))
  if (page < last) links.push(to(page + 1, 'next'), to(last, 'last'))
  if (page > 1) links.push(to(1, 'first'))
  return links.length === 0 ? answer : { ...answer, headers: { ...answer.headers, link: links.join(', ') } }
}
