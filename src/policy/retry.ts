import type { Finding, Outcome, Verdict } from '../model.ts'
import { fault, verdictOf } from './verdict.ts'

type Answer = 'may' | { rule: Finding['rule']; message: string; remedy: string }

const ANSWERS: Record<Outcome, Answer> = {
  failed: 'may',
  'rolled-back': 'may',
  cleared: 'may',
  cancelled: 'may',
  expired: 'may',
  blocked: 'may',
  'needs-info': 'may',
  rejected: 'may',
  refused: {
    rule: 'not-authorised',
    message: 'This update was never started: who put the label on may not.',
    remedy: 'Somebody who is authorised puts the label on again.',
  },
  succeeded: {
    rule: 'nothing-to-change',
    message: 'This update succeeded; there is nothing to try again.',
    remedy: 'Open a new issue for the next change, or comment /rollback to undo this one.',
  },
  'rollback-failed': {
    rule: 'lock-held',
    message: 'This update could not be rolled back, and the repository stays locked.',
    remedy: 'Put the repository right by hand; then an admin comments /unlock, and the label is put on again.',
  },
}

/** May `/retry` begin another attempt (QUEUE-3)? `null` is an update that is still under way. */
export function judgeRetry(outcome: Outcome | null): Verdict {
  if (outcome === null) {
    const message = 'This update is still under way.'
    const remedy = 'Wait for its end, or comment /cancel first.'
    return verdictOf('queue', [fault('queue', 'update-running', message, remedy)])
  }
  const answer = ANSWERS[outcome]
  return verdictOf('queue', answer === 'may' ? [] : [fault('queue', answer.rule, answer.message, answer.remedy)])
}
