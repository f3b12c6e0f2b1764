import type { Command, Finding, Outcome, Phase } from '../model.ts'
import { fault } from './verdict.ts'

/** The moment in which a command is given. */
export type Moment = {
  phase: Phase
  outcome: Outcome | null
  /** Something of this update was merged. */
  merged: boolean
  /** Ids of the newest plan's comment and of the one that gives the command: GitHub counts them upwards. */
  planComment: number | null
  comment: number
  locked: boolean
  /** The update holds the lock, or is about to. */
  executing: boolean
  /** Somebody said `/hold`. */
  held: boolean
}

/** Why a command makes no sense at this moment; empty when it does. */
export function judgeTiming(command: Command, moment: Moment): Finding[] {
  const { phase, outcome } = moment
  const over = outcome !== null
  switch (command.name) {
    case 'approve':
      if (over || phase !== 'awaiting approval')
        return [untimely('There is no plan that waits for approval.', 'See the status comment for what comes next.')]
      // Whoever wrote before the newest plan was posted cannot have read it.
      if (moment.planComment !== null && moment.comment < moment.planComment && command.digest === null) {
        return [
          untimely('A newer plan was posted after this comment.', 'Read the newest plan, then comment /approve again.'),
        ]
      }
      return []
    case 'revise':
    case 'reject':
      if (over || phase !== 'awaiting approval')
        return [
          untimely(
            'There is no plan that waits for a decision.',
            'Comment /cancel to stop an update that is under way, or /retry after its end.',
          ),
        ]
      return []
    case 'cancel':
    case 'hold':
      return over ? [untimely('This update is over.', 'Comment /retry to begin again.')] : []
    case 'resume':
      if (over) return [untimely('This update is over, so nothing is held.', 'Comment /retry to begin again.')]
      if (moment.held || phase === 'held') return []
      return [untimely('This update is not held: it goes on by itself.', 'Comment /status to see where it is.')]
    case 'rollback':
      if (!over && moment.executing) return []
      if (outcome === 'succeeded' && moment.merged) return []
      return [
        untimely('There is nothing of this update to roll back.', 'Comment /cancel to stop one that has not begun.'),
      ]
    case 'unlock':
      if (!moment.locked) return [untimely('The repository is not locked.', 'Nothing needs to be done.')]
      if (moment.executing && !over)
        return [untimely('This update holds the lock and is being carried out.', 'Comment /cancel first.')]
      return []
    case 'retry':
    case 'status':
    case 'help':
    case 'unknown':
      return []
  }
}

function untimely(message: string, remedy: string): Finding {
  return fault('approval', 'command-untimely', message, remedy)
}
