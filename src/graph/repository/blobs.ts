import { startGit } from './git.ts'

/** `fault` says why there is no content: the repository lacks the blob, or it is larger than wanted. */
export type Blob = { content: Buffer } | { content: null; fault: string }

/** A blob to be read, if it has no more bytes than `limit`. */
export type BlobRequest = { id: string; limit: number }

/**
 * The blobs in the order asked for, one after the other as git gives them; a slow consumer slows git down. Leaving the
 * loop early ends git. The bytes of a blob that is too large pass by and are never held.
 */
export async function* readBlobs(
  repository: string,
  requests: BlobRequest[],
  signal?: AbortSignal,
): AsyncGenerator<Blob> {
  if (requests.length === 0) return
  const { child, ended } = startGit(repository, ['cat-file', '--batch', '--buffer'], signal)
  child.stdin.end(requests.map(({ id }) => `${id}\n`).join(''))
  let held: Buffer[] = []
  let length = 0
  let wanted = 0
  let passing = 0
  let place = 0
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      const passed = Math.min(passing, chunk.length)
      passing -= passed
      if (passed < chunk.length) held.push(passed === 0 ? chunk : chunk.subarray(passed))
      length += chunk.length - passed
      // Joining only when a whole blob is there keeps the copying linear, however large the blob is.
      if (length === 0 || length < wanted) continue
      const bytes = held.length === 1 ? (held[0] ?? chunk) : Buffer.concat(held, length)
      let at = 0
      wanted = 0
      while (wanted === 0) {
        const taken = takeBlob(bytes, at, requests[place]?.limit ?? 0)
        if (taken.blob === null) wanted = taken.end - at
        else {
          place++
          yield taken.blob
          passing = Math.max(0, taken.end - bytes.length)
          at = Math.min(taken.end, bytes.length)
        }
      }
      held = at === bytes.length ? [] : [bytes.subarray(at)]
      length = bytes.length - at
    }
    await ended
  } finally {
    child.kill()
  }
}

/** The blob that begins at `at` and where the next begins; without a blob, up to where the bytes must reach for it. */
function takeBlob(bytes: Buffer, at: number, limit: number): { blob: Blob | null; end: number } {
  const newline = bytes.indexOf(10, at)
  if (newline < 0) return { blob: null, end: bytes.length + 1 }
  const [id = '', type = '', size] = bytes.toString('latin1', at, newline).split(' ')
  if (size === undefined) return { blob: { content: null, fault: `the blob ${id} is ${type}` }, end: newline + 1 }
  const start = newline + 1
  const end = start + Number(size)
  if (Number(size) > limit) return { blob: { content: null, fault: `larger than ${limit} bytes` }, end: end + 1 }
  if (end + 1 > bytes.length) return { blob: null, end: end + 1 }
  return { blob: { content: bytes.subarray(start, end) }, end: end + 1 }
}
