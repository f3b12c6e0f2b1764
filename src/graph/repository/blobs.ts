import { once } from 'node:events'
import type { Readable } from 'node:stream'

import { startGit } from './git.ts'
import type { Memory } from './git.ts'
import type { Receiver } from './pipe.ts'

/** `fault` says why there is no content: the repository lacks the blob, or it is larger than wanted. */
export type Blob = { content: Buffer } | { content: null; fault: string }

/** A blob to be read, if it has no more bytes than `limit`. */
export type BlobRequest = { id: string; limit: number }

/** Gets the blobs in the order asked for. The bytes of one are there only until it returns. */
export type BlobReceiver<Request extends BlobRequest> = (request: Request, blob: Blob) => void

/**
 * Blobs that git has been asked for. It works ahead by as much as a pipe holds, until somebody takes what it gives: once.
 * After some of the blobs `room` is asked, and while what it gives is not settled git waits. The bytes of a blob that is too
 * large pass by and are never held.
 */
export type AskedBlobs<Request extends BlobRequest> = {
  /** @throws when git fails or the signal aborts */
  take(receive: BlobReceiver<Request>, room?: () => Promise<void> | null): Promise<void>
}

/** For so many blobs a pipe of their own is soon made up for. */
const many = 2_000
/** So many git reads a twentieth faster with ten megabytes more. */
const veryMany = 10_000
const generous: Memory = { window: '8m', windows: '32m', bases: '16m' }

export async function askForBlobs<Request extends BlobRequest>(
  repository: string,
  requests: Request[],
  signal?: AbortSignal,
): Promise<AskedBlobs<Request>> {
  if (requests.length === 0) return { take: () => Promise.resolve() }
  const command = ['cat-file', '--batch', '--buffer']
  const pipe = requests.length < many ? null : await (await import('./pipe.ts')).openPipe()
  const { child, stdout, ended } =
    pipe === null
      ? startGit(repository, command, { signal })
      : startGit(repository, command, {
          signal,
          output: pipe.writing,
          ...(requests.length > veryMany && { memory: generous }),
        })
  pipe?.writing.destroy()
  const flow = pipe ?? (stdout && flowOf(stdout))
  if (flow === null) throw new Error('git was started without a pipe to read from')
  const { reading } = flow
  child.stdin.end(`${requests.map(({ id }) => id).join('\n')}\n`, 'latin1')
  const closed = once(reading, 'close')
  closed.catch(() => {})
  return {
    async take(receive, room) {
      const reader = new BatchReader(requests, receive)
      const failures: unknown[] = []
      const feed = (bytes: Buffer): boolean => {
        try {
          reader.feed(bytes)
          const wait = room?.() ?? null
          void wait?.then(() => reading.resume())
          return wait === null
        } catch (error) {
          failures.push(error)
          reading.destroy()
          return false
        }
      }
      flow.receive(feed)
      // Where the reading failed, git only ends because no one reads.
      const results = await Promise.allSettled([ended, closed])
      failures.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])))
      if (failures.length > 0) throw failures[0]
    },
  }
}

/** The usual pipe of a child process. When the process ends Node lets all flow, whether anybody listens or not, so that it is kept. */
function flowOf(stdout: Readable): { reading: Readable; receive(receiver: Receiver): void } {
  const early: Buffer[] = []
  let receiver: Receiver = (bytes) => {
    early.push(bytes)
    return false
  }
  stdout.on('data', (bytes: Buffer) => void (receiver(bytes) || stdout.pause()))
  return {
    reading: stdout,
    receive(given) {
      receiver = given
      const goesOn = early.splice(0).map((bytes) => given(bytes))
      if (goesOn.at(-1) !== false) stdout.resume()
    },
  }
}

/** No header is longer, in bytes: an id, a type and a size. */
const longestHeader = 200

/** Takes the output of `git cat-file --batch` apart, wherever it is cut. */
class BatchReader<Request extends BlobRequest> {
  readonly #requests: Request[]
  readonly #receive: BlobReceiver<Request>
  #place = 0
  #header = ''
  /** What is still to come of a blob and the line end behind it, in bytes. */
  #left = 0
  /** The blob of which a part has come; null for one that passes by. */
  #held: Buffer | null = null
  #filled = 0

  constructor(requests: Request[], receive: BlobReceiver<Request>) {
    this.#requests = requests
    this.#receive = receive
  }

  feed(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length) at = this.#left > 0 ? this.#takePart(bytes, at) : this.#takeHeader(bytes, at)
  }

  #takeHeader(bytes: Buffer, at: number): number {
    const newline = bytes.indexOf(10, at)
    this.#header += bytes.toString('latin1', at, newline < 0 ? bytes.length : newline)
    if (this.#header.length > longestHeader) throw new Error(`git gave no header but ${this.#header.slice(0, 80)}`)
    if (newline < 0) return bytes.length
    const [id = '', type = '', written] = this.#header.split(' ')
    this.#header = ''
    if (written === undefined) {
      this.#give({ content: null, fault: `the blob ${id} is ${type}` })
      return newline + 1
    }
    return this.#takeBlob(bytes, newline + 1, Number(written))
  }

  #takeBlob(bytes: Buffer, start: number, size: number): number {
    const limit = this.#requests[this.#place]?.limit ?? 0
    const end = start + size
    if (size > limit) this.#give({ content: null, fault: `larger than ${limit} bytes` })
    else if (end < bytes.length) {
      this.#give({ content: bytes.subarray(start, end) })
      return end + 1
    } else this.#held = Buffer.allocUnsafeSlow(size)
    this.#filled = 0
    this.#left = size + 1
    return start
  }

  #takePart(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left)
    if (this.#held !== null) this.#filled += bytes.copy(this.#held, this.#filled, at, end)
    this.#left -= end - at
    if (this.#left === 0 && this.#held !== null) {
      const content = this.#held
      this.#held = null
      this.#give({ content })
    }
    return end
  }

  #give(blob: Blob): void {
    const request = this.#requests[this.#place++]
    if (request === undefined) throw new Error('git gave more blobs than were asked for')
    this.#receive(request, blob)
  }
}
