import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createProbe, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** A place where the sample service runs: it keeps one version in service and replaces it on order. */
export type Host = { url: string; running(): string | null; stop(): Promise<void> }

type Slot = { sha: string; port: number; child: ChildProcess }

const READY_MS = 10_000
const LOOK_MS = 30

/**
 * Serves whatever commit it was last told to (`POST /-/deploy` with a sha): fetches it from the repository, starts it
 * beside the old one, waits until it is well, turns over to it and stops the old one. It stands for the operator's platform.
 */
export async function startHost(repositoryUrl: string, dir: string): Promise<Host> {
  let current: Slot | null = null
  const deploy = async (sha: string): Promise<string> => {
    const next = await start(repositoryUrl, dir, sha)
    const old = current
    current = next
    if (old) await end(old)
    return `serving ${sha.slice(0, 12)}`
  }
  const server = createServer((request, response) => {
    if (request.method === 'POST' && request.url === '/-/deploy') {
      take(request)
        .then(deploy)
        .then(
          (text) => response.writeHead(200).end(`${text}\n`),
          (error: unknown) => response.writeHead(500).end(`${String(error)}\n`),
        )
    } else if (current === null) response.writeHead(503).end('nothing is deployed yet\n')
    else pass(current.port, request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    running: () => current?.sha ?? null,
    async stop() {
      server.close()
      server.closeAllConnections()
      if (current) await end(current)
    },
  }
}

async function start(repositoryUrl: string, dir: string, sha: string): Promise<Slot> {
  if (!/^[0-9a-f]{40}$/.test(sha)) throw new Error('a deployment names a full sha')
  const home = join(dir, `${sha.slice(0, 12)}-${Date.now()}`)
  await mkdir(home, { recursive: true })
  const git = (...args: string[]) => promisify(execFile)('git', ['-C', home, ...args])
  await git('init', '--quiet')
  await git('fetch', '--quiet', '--depth=1', repositoryUrl, sha)
  await git('checkout', '--quiet', 'FETCH_HEAD')
  const port = await freePort()
  const environment = { PATH: process.env['PATH'], PORT: String(port) }
  const child = spawn(process.execPath, ['src/server.js'], { cwd: home, env: environment, stdio: 'ignore' })
  const slot = { sha, port, child }
  for (const deadline = Date.now() + READY_MS; ; await sleep(LOOK_MS)) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.ok) return slot
    if (child.exitCode !== null || Date.now() > deadline) {
      await end(slot)
      throw new Error(`${sha.slice(0, 12)} did not become healthy`)
    }
  }
}

async function end({ child }: Slot): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

async function take(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8').trim()
}

function pass(port: number, request: IncomingMessage, response: ServerResponse): void {
  const onward = forward({ host: '127.0.0.1', port, path: request.url, method: request.method }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => response.writeHead(502).end('the service does not answer\n'))
  request.pipe(onward)
}

async function freePort(): Promise<number> {
  const probe = createProbe().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
