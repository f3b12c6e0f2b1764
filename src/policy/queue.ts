import type { Verdict } from '../model.ts'
import { fault, verdictOf } from './verdict.ts'

/** An approved update in its repository's queue. */
export type QueueEntry = { id: string; codename: string; issue: number; executing: boolean }

/** `position` counts from 1, the one being executed included; `waitsFor` are those before it, the next to finish first. */
export type QueuePlace = { position: number; of: number; waitsFor: QueueEntry[] }

/** Where an update stands (QUEUE-4), `null` when it is not in the queue. The queue is in order of approval. */
export function queuePlace(queue: readonly QueueEntry[], id: string): QueuePlace | null {
  // The engine may list an interrupted update behind those that wait for it; it still goes first.
  const inOrder = [...queue.filter((entry) => entry.executing), ...queue.filter((entry) => !entry.executing)]
  const at = inOrder.findIndex((entry) => entry.id === id)
  return at < 0 ? null : { position: at + 1, of: inOrder.length, waitsFor: inOrder.slice(0, at) }
}

/** Is there room for one more (PRE-2)? `others` are the updates of the repository that are not over. */
export function judgeSlots(others: number, slots: number): Verdict {
  if (others < slots) return verdictOf('preflight', [])
  const message = `The queue is full: ${slots === 1 ? 'its one place is' : `all ${slots} places are`} taken.`
  const remedy = 'Wait until one of them is over and comment /retry, or raise queue.slots in .github/pawl.yml.'
  return verdictOf('preflight', [fault('preflight', 'queue-full', message, remedy)])
}
