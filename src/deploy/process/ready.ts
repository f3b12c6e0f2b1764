import { request } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const ASK_MS = 2_000
const PAUSE_MS = 50

/** A port that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** What a service says of its health: `healthy` for any status of the 200s, else why not. */
export function ask(port: number, path: string): Promise<string> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(ASK_MS)
    const asked = request({ host: 'localhost', port, path, agent: false, signal }, (answer) => {
      answer.on('error', () => {}).destroy()
      const status = answer.statusCode ?? 0
      resolve(status >= 200 && status < 300 ? 'healthy' : `answered ${status} at ${path}`)
    })
    asked.on('error', (error: NodeJS.ErrnoException) => {
      resolve(
        signal.aborted
          ? `gave no answer at ${path} within ${ASK_MS} ms`
          : `cannot be reached: ${error.code ?? error.message}`,
      )
    })
    asked.end()
  })
}

/** Asks until the service is healthy, is gone, or has taken longer than `readyMs`. */
export async function untilReady(
  port: number,
  path: string,
  readyMs: number,
  running: () => boolean,
): Promise<{ ok: true } | { ok: false; reason: string }> {
  const deadline = Date.now() + readyMs
  for (;;) {
    const answer = await ask(port, path)
    // Asked afterwards: another process may have been given the port of a service that has ended.
    if (!running()) return { ok: false, reason: 'the service ended while it was starting' }
    if (answer === 'healthy') return { ok: true }
    if (Date.now() >= deadline)
      return { ok: false, reason: `the service was not ready within ${readyMs} ms: it ${answer}` }
    await sleep(PAUSE_MS)
  }
}
