import { setTimeout as sleep } from 'node:timers/promises'

/**
 * GitHub's own limits for content: 80 requests a minute and 500 an hour
 * (docs.github.com, "Rate limits for the REST API", secondary limits).
 */
const CONTENT_A_MINUTE = 80
const CONTENT_AN_HOUR = 500
const MINUTE = 60_000
const HOUR = 60 * MINUTE

type Bucket = { size: number; perMs: number; level: number; at: number }

/** Milliseconds until the bucket holds one token; 0 takes it. */
export function take(bucket: Bucket, now: number): number {
  bucket.level = Math.min(bucket.size, bucket.level + (now - bucket.at) * bucket.perMs)
  bucket.at = now
  if (bucket.level < 1) return Math.ceil((1 - bucket.level) / bucket.perMs)
  bucket.level -= 1
  return 0
}

export function bucket(size: number, windowMs: number, now: number): Bucket {
  return { size, perMs: size / windowMs, level: size, at: now }
}

export type Pace = {
  /** Waits until a write may leave. Reads never wait here: their limit is the hourly one, which GitHub states in headers. */
  beforeWrite(): Promise<void>
  /** Waits while GitHub has asked this installation to pause. */
  beforeRequest(): Promise<void>
  /** Nothing leaves before this moment (epoch ms): `retry-after`, or the reset of an exhausted limit. */
  pauseUntil(moment: number): void
}

/**
 * One pace an installation: bursts pass at once, the long run stays under GitHub's content limits. It replaces Octokit's
 * fixed spacing of a second between writes, which makes a burst of ten writes last ten seconds.
 */
export function createPace(now: () => number = Date.now): Pace {
  const minute = bucket(CONTENT_A_MINUTE, MINUTE, now())
  const hour = bucket(CONTENT_AN_HOUR, HOUR, now())
  let paused = 0
  const beforeRequest = async () => {
    const wait = paused - now()
    if (wait > 0) await sleep(wait)
  }
  return {
    beforeRequest,
    async beforeWrite() {
      for (const each of [minute, hour]) {
        for (let wait = take(each, now()); wait > 0; wait = take(each, now())) await sleep(wait)
      }
    },
    pauseUntil(moment) {
      paused = Math.max(paused, moment)
    },
  }
}
