import type { Readable } from 'node:stream'

/**
 * Reads a stream to its end and keeps at most `limit` bytes of it: the first half and the last half, because errors stand
 * at either end. What does not fit is counted and thrown away.
 */
export function capture(stream: Readable, limit: number): () => string {
  const room = Math.floor(limit / 2)
  const head: Buffer[] = []
  let tail: Buffer[] = []
  let headBytes = 0
  let tailBytes = 0
  let dropped = 0
  const shorten = () => {
    const whole = Buffer.concat(tail)
    const kept = whole.subarray(Math.max(0, whole.length - room))
    dropped += whole.length - kept.length
    tail = [kept]
    tailBytes = kept.length
  }
  stream.on('data', (chunk: Buffer) => {
    const toHead = chunk.subarray(0, room - headBytes)
    const rest = chunk.subarray(toHead.length)
    if (toHead.length > 0) head.push(toHead)
    headBytes += toHead.length
    if (rest.length === 0) return
    tail.push(rest)
    tailBytes += rest.length
    // Not at every chunk: joining costs as much as it holds.
    if (tailBytes > 2 * room) shorten()
  })
  return () => {
    shorten()
    const gap = dropped > 0 ? `\n[${dropped} bytes left out]\n` : ''
    return Buffer.concat(head).toString() + gap + Buffer.concat(tail).toString()
  }
}
