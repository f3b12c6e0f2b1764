import type { Updates } from '../audit/updates.ts'
import { calibration } from '../planning/calibration.ts'
import { finishedUpdates } from '../stages/record.ts'
import type { RepositoryAccuracy } from '../web/accuracy-section.ts'

/** How many finished updates the status page looks back on. */
const LOOK_BACK = 200

/** How well plans have predicted, for each repository with a finished update; that of the newest one first (PLAN-14). */
export async function planAccuracies(updates: Updates): Promise<RepositoryAccuracy[]> {
  const finished = await finishedUpdates(updates, { limit: LOOK_BACK })
  const byRepository = Map.groupBy(finished, ({ repo }) => repo)
  return [...byRepository].map(([repo, theirs]) => ({ repo, ...calibration(theirs.map((one) => one.finished)) }))
}
