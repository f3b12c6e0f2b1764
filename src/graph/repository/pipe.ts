import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What arrives lies in one buffer and is gone when the function returns; false holds the writer back until `resume`. */
export type Receiver = (bytes: Buffer) => boolean

/** `writing` is for a child process; until `receive` is called what it writes waits, as much of it as a pipe holds. */
export type Pipe = { writing: Socket; reading: Socket; receive(receiver: Receiver): void }

// An import would load all that its promises need too, which takes as long as all of this.
const { mkdtempSync, rmSync } = process.getBuiltinModule('node:fs')

/** The path of a socket has 104 bytes on some systems; this leaves room for ours. */
const longestDirectory = 80

/** In bytes; a socket holds no more. */
const room = 256 * 1024

/**
 * A pipe for much output of a child process. The pipes that Node makes for children come in thousands of small new buffers, which
 * costs as much as git takes to write them; here one buffer takes them all.
 */
export async function openPipe(): Promise<Pipe> {
  let receiver: Receiver | null = null
  let early: Buffer | null = null
  const receive: Receiver = (bytes) => {
    if (receiver !== null) return receiver(bytes)
    early = bytes
    return false
  }
  const parent = Buffer.byteLength(tmpdir()) > longestDirectory ? '/tmp' : tmpdir()
  const directory = mkdtempSync(join(parent, 'pawl-'))
  try {
    const path = join(directory, 'pipe')
    const server = createServer({ pauseOnConnect: true }).listen(path)
    await once(server, 'listening')
    const onread = {
      buffer: Buffer.allocUnsafeSlow(room),
      callback: (length: number, bytes: Uint8Array) => receive(Buffer.from(bytes.buffer, bytes.byteOffset, length)),
    }
    const reading = connect({ path, onread })
    const [[writing]] = (await Promise.all([once(server, 'connection'), once(reading, 'connect')])) as [[Socket], []]
    server.close()
    return {
      reading,
      writing,
      receive(given) {
        receiver = given
        if (early !== null && receiver(early)) reading.resume()
      },
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
}
