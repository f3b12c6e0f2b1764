import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProbes } from '../../src/health/choose.ts'
import { createSandbox } from '../../src/sandbox/sandbox.ts'

const AT = '2026-01-02T03:04:05.000Z'
const live = () => AbortSignal.timeout(20_000)

describe('a probe of an address', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      server.close()
    }
  })

  async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = createServer(answer).listen(0, '127.0.0.1')
    servers.push(server)
    await new Promise((resolve) => server.once('listening', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  function probe(url: string, more: { expect?: number; within?: number } = {}) {
    const setting = { kind: 'http' as const, name: 'front', url, expect: 200, within: 2_000, interval: 15_000, ...more }
    const [made] = createProbes([setting], () => Promise.reject(new Error('not a command')))
    if (!made) throw new Error('no probe')
    return made
  }

  it('is healthy when the expected status comes', async () => {
    const url = await serve((_, response) => response.writeHead(204).end())
    expect(await probe(url, { expect: 204 }).sample(AT, live())).toEqual({
      probe: 'front',
      at: AT,
      ok: true,
      ms: expect.any(Number),
      detail: 'answered 204',
    })
  })

  it('is unhealthy at another status, and says which', async () => {
    const url = await serve((_, response) => response.writeHead(503).end('down'))
    expect(await probe(url).sample(AT, live())).toMatchObject({ ok: false, detail: 'answered 503, expected 200' })
  })

  it('does not follow a redirect', async () => {
    const asked: string[] = []
    const url = await serve((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(await probe(`${url}/health`).sample(AT, live())).toMatchObject({
      ok: false,
      detail: 'answered 302, expected 200',
    })
    expect(asked).toEqual(['/health'])
  })

  it('is unhealthy when nothing comes in time, or when nobody listens', async () => {
    const silent = await serve(() => {})
    const slow = await probe(silent, { within: 100 }).sample(AT, live())
    expect(slow).toMatchObject({ ok: false, detail: 'gave no answer within 100 ms' })
    expect(slow.ms).toBeGreaterThanOrEqual(95)
    const url = await serve(() => {})
    servers.pop()?.close()
    const gone = await probe(url).sample(AT, live())
    expect(gone).toMatchObject({ ok: false, detail: 'cannot be reached: ECONNREFUSED' })
  })

  it('gives the connection of an endless body up', async () => {
    let closed: () => void = () => {}
    const over = new Promise<void>((resolve) => (closed = resolve))
    const url = await serve((_, response) => {
      response.on('close', closed)
      const pour = () => void (response.destroyed || response.write('x'.repeat(65_536), pour))
      pour()
    })
    expect(await probe(url).sample(AT, live())).toMatchObject({ ok: true })
    await over
  })

  it('asks over a new connection each time, so that it never reaches a version that was replaced', async () => {
    const ports = new Set<number | undefined>()
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end()
    })
    for (let time = 0; time < 3; time += 1) await probe(url).sample(AT, live())
    expect(ports.size).toBe(3)
  })

  it('ends when it is cancelled, and never throws at an address that cannot be one', async () => {
    const silent = await serve(() => {})
    expect(await probe(silent).sample(AT, AbortSignal.timeout(50))).toMatchObject({ ok: false })
    expect(await probe('http://exa mple:99999/').sample(AT, live())).toMatchObject({ ok: false })
  })
})

describe('a probe by a command', () => {
  const sandbox = createSandbox()
  let workspace: string
  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'pawl-probe-'))
  })
  afterEach(() => rm(workspace, { recursive: true, force: true }))

  async function sample(run: string[], within = 5_000) {
    const setting = { kind: 'command' as const, name: 'smoke', run, within, interval: 15_000 }
    const [probe] = createProbes([setting], (command, options) => sandbox.run(command, { workspace, ...options }))
    return probe?.sample(AT, live())
  }

  it('is healthy when it ends with status 0 in time', async () => {
    expect(await sample(['true'])).toMatchObject({ probe: 'smoke', at: AT, ok: true, detail: 'ended with status 0' })
    expect(await sample(['sh', '-c', 'echo queue is full >&2; exit 4'])).toMatchObject({
      ok: false,
      detail: 'ended with exit status 4: queue is full',
    })
    expect(await sample(['sleep', '30'], 200)).toMatchObject({
      ok: false,
      detail: 'took longer than 0.2 s and was stopped',
    })
  })

  it('is a sample, not an exception, when it cannot be run at all', async () => {
    const setting = { kind: 'command' as const, name: 'smoke', run: ['x'], within: 1, interval: 1 }
    const [probe] = createProbes([setting], () => Promise.reject(new Error('no room')))
    expect(await probe?.sample(AT, live())).toMatchObject({ ok: false, detail: 'cannot be run: no room' })
  })
})
