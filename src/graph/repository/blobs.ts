import { startGit } from './git.ts'

/** `content` is null for a blob that the repository lacks. */
export type Blob = { id: string; content: Buffer | null }

/**
 * The blobs in the order asked for, one after the other as git gives them; a slow consumer slows git down. Leaving the
 * loop early ends git.
 */
export async function* readBlobs(repository: string, ids: string[], signal?: AbortSignal): AsyncGenerator<Blob> {
  if (ids.length === 0) return
  const { child, ended } = startGit(repository, ['cat-file', '--batch', '--buffer'], signal)
  child.stdin.end(`${ids.join('\n')}\n`)
  let held: Buffer[] = []
  let length = 0
  let wanted = 0
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      held.push(chunk)
      length += chunk.length
      // Joining only when a whole blob is there keeps the copying linear, however large the blob is.
      if (length < wanted) continue
      const bytes = held.length === 1 ? chunk : Buffer.concat(held, length)
      let at = 0
      wanted = 0
      while (wanted === 0) {
        const taken = takeBlob(bytes, at)
        if (typeof taken === 'number') wanted = taken - at
        else {
          yield taken.blob
          at = taken.end
        }
      }
      held = [bytes.subarray(at)]
      length = bytes.length - at
    }
    await ended
  } finally {
    child.kill()
  }
}

/** The blob that begins at `at`, or up to where the bytes must reach before it can be read. */
function takeBlob(bytes: Buffer, at: number): { blob: Blob; end: number } | number {
  const newline = bytes.indexOf(10, at)
  if (newline < 0) return bytes.length + 1
  const [id = '', type, size] = bytes.toString('latin1', at, newline).split(' ')
  if (type === 'missing' || size === undefined) return { blob: { id, content: null }, end: newline + 1 }
  const end = newline + 1 + Number(size)
  if (end + 1 > bytes.length) return end + 1
  return { blob: { id, content: bytes.subarray(newline + 1, end) }, end: end + 1 }
}
