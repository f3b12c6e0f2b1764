import type { Updates } from '../audit/updates.ts'

type Log = { info(fields: object, message: string): void }

/** Writes a line for each update that begins, enters a phase or ends, so that the log of one is found by its codename (MON-4). */
export function loggedUpdates(updates: Updates, log: Log): Updates {
  return {
    ...updates,
    async open(opening) {
      const opened = await updates.open(opening)
      const { codename, repo, issue, attempt, requester } = opened.update
      if (opened.created) log.info({ codename, repo, issue, attempt, requester }, 'an update begins')
      return opened
    },
    async advance(codename, to) {
      const update = await updates.advance(codename, to)
      const { repo, issue, outcome, phaseSince, createdAt } = update
      if (to.outcome !== undefined) {
        const ms = Date.parse(phaseSince) - Date.parse(createdAt)
        log.info({ codename, repo, issue, outcome, ms }, 'an update is over')
      } else if (to.phase !== undefined && to.at === phaseSince) {
        log.info({ codename, repo, issue, phase: to.phase }, 'an update enters a phase')
      }
      return update
    },
  }
}
