import { setTimeout as sleep } from 'node:timers/promises'
import type { Update, Updates } from '../../audit/updates.ts'
import type { Embedded } from '../embedded/embedded.ts'
import { recordOf } from '../../stages/record.ts'

const LOOK_MS = 40

/** What is seen of an update while it goes on: each change of phase, and its end. */
export type Seen = (update: Update) => void | Promise<void>

/** Waits until the newest attempt at an issue is as asked, and shows every phase on the way once. */
export async function watch(
  updates: Updates,
  repo: string,
  issue: number,
  wanted: (update: Update) => boolean,
  seen: Seen = () => {},
): Promise<Update> {
  let last = ''
  for (;;) {
    const update = await updates.byIssue(repo, issue)
    if (update) {
      const now = `${update.attempt} ${update.phase} ${update.outcome ?? ''}`
      if (now !== last) await seen(update)
      last = now
      if (wanted(update)) return update
    }
    await sleep(LOOK_MS)
  }
}

export const isOver = (update: Update) => update.outcome !== null
/** The plan is posted, so that it can be approved, or there will be none. */
export const isPlanned = (update: Update) =>
  update.outcome !== null || (update.phase === 'awaiting approval' && recordOf(update).planComment !== null)

/**
 * Waits until nothing is under way any more: no workflow of GitHub's, no webhook, no step of the app. An update has its
 * outcome before its last words are written.
 */
export async function settled({ github, app }: Pick<Embedded, 'github' | 'app'>): Promise<void> {
  for (let quiet = false; !quiet;) {
    await github.idle()
    quiet = (await app.unfinished()) === 0
    if (!quiet) await sleep(LOOK_MS)
  }
  await github.idle()
}
