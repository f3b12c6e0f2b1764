import { z } from 'zod'
import type { Finding } from '../model.ts'
import { fault } from './verdict.ts'

const Lock = z.object({ codename: z.string().min(1), instance: z.string(), repo: z.string(), since: z.iso.datetime() })

/** What the lock in a repository says: who holds it, for what, and since when (ISO 8601, UTC). */
export type LockRecord = z.output<typeof Lock>

/** The text of the lock's commit: a subject for people, then the record as one line of JSON. */
export function renderLock({ codename, instance, repo, since }: LockRecord): string {
  return `Pawl holds this repository for ${codename}\n\n${JSON.stringify({ codename, instance, repo, since })}\n`
}

/** Reads a lock's text; `null` when it is none of ours. */
export function parseLock(text: string): LockRecord | null {
  const line = text.split('\n').findLast((each) => each.startsWith('{'))
  if (line === undefined) return null
  try {
    return Lock.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}

export type LockState =
  | { state: 'free' }
  | { state: 'mine' }
  | { state: 'held' | 'stale' | 'unreadable'; finding: Finding }

/**
 * What a lock that was found means for the update `mine` (QUEUE-5). A lock of the same update is its own whichever instance
 * took it: an update moves to another instance when its own dies. `now` is epoch ms, `staleAfter` ms.
 */
export function judgeLock(
  found: LockRecord | 'unreadable' | null,
  mine: { codename: string; repo: string },
  now: number,
  staleAfter: number,
): LockState {
  if (found === null) return { state: 'free' }
  if (found === 'unreadable') {
    const message = 'The ref refs/pawl/lock exists and is not a lock that Pawl wrote.'
    return { state: 'unreadable', finding: fault('queue', 'lock-held', message, UNLOCK) }
  }
  if (found.codename === mine.codename && found.repo === mine.repo) return { state: 'mine' }
  const held = `The repository is locked by ${found.codename} (instance ${found.instance}) since ${found.since}`
  if (now - Date.parse(found.since) <= staleAfter) {
    const finding = fault('queue', 'lock-held', `${held}.`, 'Wait for the end of that update, then comment /retry.')
    return { state: 'held', finding }
  }
  return { state: 'stale', finding: fault('queue', 'lock-held', `${held}; nothing takes that long.`, UNLOCK) }
}

const UNLOCK = 'An admin makes sure that nothing is being updated and comments /unlock.'
