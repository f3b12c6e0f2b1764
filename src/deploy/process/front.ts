/**
 * A program of its own: `node front.ts <home> <address> <port>`. It holds the public port and forwards each new connection
 * to the port that `<home>/target.json` names at that moment, so that the service goes on while Pawl is not there. When it
 * listens it says so in `<home>/front.json`. It imports little, because it stays in memory for as long as the service does.
 */
import { closeSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'

const LONGEST_LOG = 16 * 1024 ** 2
const KEPT_OF_LOG = 1024 ** 2

const [home = '', address = '', port = ''] = process.argv.slice(2)

function target(): number | null {
  try {
    const { port: named } = JSON.parse(readFileSync(join(home, 'target.json'), 'utf8')) as { port: unknown }
    return typeof named === 'number' ? named : null
  } catch {
    return null
  }
}

function forward(client: Socket): void {
  const to = target()
  if (to === null) return void client.destroy()
  // A service may listen on either family of localhost.
  const service = connect({ host: 'localhost', port: to, allowHalfOpen: true, noDelay: true })
  for (const [one, other] of [
    [client, service],
    [service, client],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', (failed) => (failed ? other.destroy() : undefined))
    one.pipe(other)
  }
}

/** Services append to their logs for as long as they run; only the end of a long one is kept. */
function shortenLogs(): void {
  for (const name of ['a.log', 'b.log']) {
    try {
      shorten(join(home, name))
    } catch (error) {
      // A log may go at any moment; the connections must not.
      process.stderr.write(`${String(error)}\n`)
    }
  }
}

function shorten(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size <= LONGEST_LOG) return
  const kept = Buffer.alloc(KEPT_OF_LOG)
  const descriptor = openSync(file, 'r')
  const read = readSync(descriptor, kept, 0, KEPT_OF_LOG, size - KEPT_OF_LOG)
  closeSync(descriptor)
  writeFileSync(file, kept.subarray(0, read))
}

const server = createServer({ allowHalfOpen: true, noDelay: true }, forward)
server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  if (!server.listening) process.exit(1)
})
server.listen({ host: address, port: Number(port) }, () => {
  const listening = { pid: process.pid, address, asked: Number(port), port: (server.address() as AddressInfo).port }
  writeFileSync(join(home, 'front.json.new'), JSON.stringify(listening), { mode: 0o600 })
  renameSync(join(home, 'front.json.new'), join(home, 'front.json'))
})
setInterval(shortenLogs, 60_000).unref()
