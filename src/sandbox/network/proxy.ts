import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { Transform, type Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { Authority } from './certificates.ts'
import { hostJudge, parseTarget, type Target } from './hosts.ts'
import { originOf, relay, type Placeholder } from './relay.ts'

const CONNECTIONS = 128
const BYTES = 2 * 1024 ** 3
/** How many refusals are told; a command that tries a thousand hosts is understood before. */
const NOTES = 20

export type Proxy = { server: Server; notes(): string[]; end(): void }

/**
 * An HTTP proxy for one run that opens the hosts of a list and no others: CONNECT passes bytes through unseen, and requests
 * for `http:` are sent on. Only for the origins of keys the TLS ends here, with a certificate of `authority`, so that the key can
 * be put in outside of the sandbox. Number and size of what passes are bounded.
 */
export function createProxy(list: string[], keys: Placeholder[], authority: Authority | null): Proxy {
  const judge = hostJudge(list)
  const notes = new Set<string>()
  const open = new Set<Duplex>()
  const note = (text: string) => notes.size < NOTES && notes.add(text)
  let bytes = 0
  const meter = () =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length
        if (bytes <= BYTES) return done(null, chunk)
        note(`network: more than ${BYTES / 1024 ** 3} GB were moved, and what came after was refused`)
        done(new Error('too many bytes'))
      },
    })
  const keep = (stream: Duplex) => {
    open.add(stream)
    stream.on('close', () => open.delete(stream)).on('error', () => {})
    return stream
  }
  const judged = async ({
    host,
    port,
  }: Target): Promise<{ ok: true; address: string } | { ok: false; why: string }> => {
    const answer = await judge({ host, port })
    if (answer.ok) return answer
    const why = `network: ${host}:${port} was refused: ${answer.why}`
    note(why)
    return { ok: false, why }
  }
  const refuse = (response: ServerResponse, status: number, why: string) =>
    response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`${why}\n`)

  const plain = async (request: IncomingMessage, response: ServerResponse) => {
    const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : null
    const target = url?.protocol === 'http:' ? parseTarget(url.host, 80) : null
    if (url === null || target === null) return refuse(response, 400, 'this is a proxy for http: addresses and CONNECT')
    const answer = await judged(target)
    if (!answer.ok) return refuse(response, 403, answer.why)
    const path = url.pathname + url.search
    relay(request, response, { ...target, scheme: 'http', path, address: answer.address }, keys, meter)
  }

  /** The end of a tunnel to an origin of a key; what comes out of it are requests to that origin. */
  const terminate = (client: Duplex, to: Target & { scheme: 'http' | 'https'; address: string }) => {
    const inner = createServer((request, response) => {
      const path = request.url?.startsWith('/') ? request.url : '/'
      relay(request, response, { ...to, path }, keys, meter)
    })
    if (to.scheme === 'http') return inner.emit('connection', client)
    const pair = authority?.issue(to.host)
    const secure = new TLSSocket(client, { isServer: true, ...pair, ALPNProtocols: ['http/1.1'] })
    return inner.emit('connection', keep(secure))
  }

  const tunnel = async (client: Duplex, head: Buffer, text: string) => {
    const target = parseTarget(text)
    const answer = target === null ? { ok: false as const, why: 'CONNECT needs host:port' } : await judged(target)
    if (target === null || !answer.ok) {
      const why = answer.ok ? '' : answer.why
      client.end(`HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${why}\n`)
      return
    }
    const begin = () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      if (head.length > 0) client.unshift(head)
    }
    const scheme = (['https', 'http'] as const).find((each) => {
      return keys.some(({ origin }) => origin === originOf({ scheme: each, ...target }))
    })
    if (scheme !== undefined) {
      begin()
      terminate(client, { ...target, scheme, address: answer.address })
      return
    }
    const upstream = connect({ host: answer.address, port: target.port, allowHalfOpen: true })
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    upstream.on('connect', () => {
      begin()
      client.pipe(meter().on('error', end)).pipe(upstream)
      upstream.pipe(meter().on('error', end)).pipe(client)
    })
    upstream.on('error', (error) => {
      if (upstream.pending) client.end(`HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n${error.message}\n`)
      else end()
    })
    client.on('close', () => upstream.destroy()).on('error', end)
    keep(upstream)
  }

  const server = createServer((request, response) => void plain(request, response))
  server.maxConnections = CONNECTIONS
  server.on('connection', keep)
  server.on('drop', () => note(`network: more than ${CONNECTIONS} connections at once were refused`))
  server.on('connect', (request, client, head) => void tunnel(client, head, request.url ?? ''))
  server.on('clientError', (_error, client) => client.destroy())
  return {
    server,
    notes: () => [...notes],
    end() {
      server.close()
      for (const stream of open) stream.destroy()
    },
  }
}
