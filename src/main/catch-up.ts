import { setTimeout as sleep } from 'node:timers/promises'
import type { Inbox } from '../audit/inbox.ts'
import type { GitHubApp } from '../github/client.ts'
import { failedDeliveries, redeliver } from '../github/deliveries.ts'

/** GitHub sends a webhook again for so long ("Redelivering webhooks"). */
const KEPT_MS = 3 * 24 * 60 * 60_000

/** How often the log of webhooks is read, and how soon again when GitHub did not answer, ms. */
const LOOK_MS = 5 * 60_000
const LOOK_AGAIN_MS = 15_000

/** What fails so often is refused for its own sake. */
const MOST_TRIES = 5

type Log = { info(fields: object, message: string): void; warn(fields: object, message: string): void }

/**
 * Lets GitHub send again what it could not deliver: it never does so by itself, and a label or a command that came while
 * the app was down would be lost. At the start and from time to time, because an instance beside this one may be down. A
 * new app, which was never down, begins with the second look.
 */
export function catchUp(
  asApp: GitHubApp['asApp'],
  inbox: Pick<Inbox, 'known' | 'used'>,
  log: Log,
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  let fresh = true
  const look = async (): Promise<number> => {
    try {
      const nothingMissed = fresh && !(await inbox.used())
      fresh = false
      if (nothingMissed) return LOOK_MS
      const failed = await failedDeliveries(asApp, Date.now() - KEPT_MS)
      const known = await inbox.known(failed.map(({ guid }) => guid))
      const missed = failed.filter(({ guid, tries }) => !known.has(guid) && tries < MOST_TRIES)
      for (const { id } of missed) await redeliver(asApp, id)
      if (missed.length > 0) log.info({ webhooks: missed.length }, 'GitHub was asked to send missed webhooks again')
      return LOOK_MS
    } catch (error) {
      log.warn({ err: error }, 'missed webhooks could not be asked for; trying again')
      return LOOK_AGAIN_MS
    }
  }
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      const pause = await look()
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await looking
    },
  }
}
