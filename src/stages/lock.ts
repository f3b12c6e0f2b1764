import type { UpdateRequest } from '../model.ts'
import { judgeLock, parseLock, renderLock, type LockRecord } from '../policy/lock.ts'
import { recorded } from './once.ts'
import type { Staged } from './order.ts'
import type { Desk, Services } from './services.ts'

/** The lock of a repository, in the repository itself: a ref that exactly one instance can create (QUEUE-5). */
export const LOCK_REF = 'refs/pawl/lock'

/** Longer than any update may take: approval is over by then, and every wait has a time-out of its own. */
const STALE_AFTER_MS = 24 * 60 * 60_000

export type LockFound = LockRecord & { sha: string; stale: boolean }

/** Who holds the lock of a repository now, `null` when nobody does. One that nobody of us wrote is stale. */
export async function lockOn(desk: Desk, now: number): Promise<LockFound | null> {
  await desk.git.fetch([LOCK_REF])
  return lockKnown(desk, now)
}

/** The same as it was fetched last. */
export async function lockKnown(desk: Desk, now: number): Promise<LockFound | null> {
  const sha = await desk.git.known(LOCK_REF)
  if (sha === null) return null
  const record = parseLock((await desk.git.readBlob(sha)) ?? '')
  if (!record) return { codename: 'somebody unknown', instance: '', repo: desk.name, since: '', sha, stale: true }
  return { ...record, sha, stale: now - Date.parse(record.since) > STALE_AFTER_MS }
}

/** Takes the lock for an update, or finds it held by it already. */
export async function takeLock(services: Services, desk: Desk, request: UpdateRequest): Promise<Staged<null>> {
  const { codename, repo } = request
  for (;;) {
    const since = new Date().toISOString()
    const mine = await desk.git.blob(renderLock({ codename, repo, instance: services.instance, since }))
    const pushed = await recorded(services.acts, request, { name: 'take the lock', what: { since } }, () =>
      desk.git.push([{ ref: LOCK_REF, to: mine, expect: null }]),
    )
    if (pushed.ok) return { ok: true, value: null }
    const found = await lockOn(desk, Date.now())
    // It was given back between the two looks.
    if (!found) {
      if (pushed.why === 'moved') continue
      return { ok: false, findings: [refused(pushed.message)] }
    }
    const judged = judgeLock(found, { codename, repo }, Date.now(), STALE_AFTER_MS)
    if (judged.state === 'mine') return { ok: true, value: null }
    if ('finding' in judged) return { ok: false, findings: [judged.finding] }
  }
}

/** Gives the lock back, if it is this update's. */
export async function leaveLock(services: Services, desk: Desk, request: UpdateRequest): Promise<void> {
  const known = await lockKnown(desk, Date.now())
  // Another instance may have taken it.
  const found = known?.codename === request.codename ? known : await lockOn(desk, Date.now())
  if (found?.codename !== request.codename) return
  const { since } = found
  const pushed = await recorded(services.acts, request, { name: 'leave the lock', what: { since } }, () =>
    desk.git.push([{ ref: LOCK_REF, to: null, expect: found.sha }]),
  )
  if (!pushed.ok && pushed.why !== 'moved') throw new Error(`${LOCK_REF} could not be removed: ${pushed.message}`)
}

function refused(message: string) {
  return {
    gate: 'queue',
    severity: 'error',
    rule: 'lock-held',
    message: `GitHub refused to create ${LOCK_REF}: ${message}`,
    remedy: 'See that no ruleset forbids the app to create refs, then comment /retry.',
  } as const
}
