import type { Finding } from '../model.ts'
import type { Person } from './authorisation.ts'
import { fault } from './verdict.ts'

/** One push to the branch that a task was handed over on, and who GitHub says made it; `null` when it does not say. */
export type PushFacts = { after: string; by: Person | null }

/** What stands on that branch now. Shas are full. */
export type HandedFacts = {
  /** Whether the head still holds what was there before the task. */
  descends: boolean
  /** Whether the head holds newer commits of the default branch, which is merged by the host. */
  holdsBase: boolean
  /** The pushes whose commits the head holds, oldest first. */
  pushes: PushFacts[]
}

const WRITES: readonly Person['permission'][] = ['write', 'maintain', 'admin']

/**
 * May what was pushed be taken as the change of a task? Every push whose commits are in it must be somebody's who has write
 * permission at this moment: who had it once, a bot, and whoever only has a name that sounds right, are none. Empty when it may.
 */
export function judgePush({ descends, holdsBase, pushes }: HandedFacts, branch: string): Finding[] {
  const refuse = (message: string, remedy: string) => fault('execution', 'push-refused', message, remedy)
  const findings = pushes.flatMap(({ after, by }) => {
    const what = `The push of ${after.slice(0, 12)}`
    const remedy = `Somebody with write permission takes those commits off ${branch}, or makes the change with own ones.`
    if (by === null) return [refuse(`${what} is nobody’s whom GitHub names.`, remedy)]
    if (!by.bot && WRITES.includes(by.permission)) return []
    const is = by.bot
      ? 'is a bot'
      : `has ${by.permission === 'none' ? 'no' : by.permission} permission on this repository`
    return [refuse(`${what} is by @${by.login}, who ${is}; it takes a person with write permission or more.`, remedy)]
  })
  if (!descends) {
    const remedy = `Push on top of where ${branch} was; nothing of what was there may be rewritten.`
    findings.push(refuse(`What stood on ${branch} before is not part of what was pushed.`, remedy))
  } else if (holdsBase) {
    const remedy = `Push to ${branch} without merging the default branch: that is done by Pawl, after the change.`
    findings.push(refuse('The push brings newer commits of the default branch.', remedy))
  }
  return findings
}
