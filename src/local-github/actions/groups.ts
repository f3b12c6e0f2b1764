import type { Release } from './slots.ts'

/** One that wants a concurrency group for itself. */
interface Member {
  group: string
  /** Whether it ends the one that holds the group, instead of waiting for it. */
  cancelInProgress: boolean
  cancel: (reason: string) => void
  signal: AbortSignal
}

type Turn = { ok: true; release: Release } | { ok: false; reason: string }

/** Concurrency groups: in each one runs and one waits; who comes then takes the place of the one that waits. */
export interface Groups {
  enter: (member: Member) => Promise<Turn>
}

interface Group {
  running: Member
  waiting: { member: Member; settle: (turn: Turn) => void } | null
}

/** Groups that know of each other by name, without regard to case. */
export function createGroups(): Groups {
  const groups = new Map<string, Group>()
  const hold = (key: string): Turn => {
    let held = true
    const release = () => {
      const next = groups.get(key)?.waiting ?? null
      if (!held) return
      held = false
      if (next === null) groups.delete(key)
      else next.settle(hold(key))
    }
    return { ok: true, release }
  }
  return {
    async enter(member) {
      const key = member.group.toLowerCase()
      const group = groups.get(key)
      if (group === undefined) {
        groups.set(key, { running: member, waiting: null })
        return hold(key)
      }
      const reason = `Canceling since a higher priority waiting request for '${member.group}' exists`
      group.waiting?.settle({ ok: false, reason })
      if (member.cancelInProgress) group.running.cancel(reason)
      return new Promise((resolve) => {
        const giveUp = () => settle({ ok: false, reason: 'The operation was canceled.' })
        const settle = (turn: Turn) => {
          member.signal.removeEventListener('abort', giveUp)
          if (group.waiting?.member === member) group.waiting = null
          if (turn.ok) group.running = member
          resolve(turn)
        }
        group.waiting = { member, settle }
        if (member.signal.aborted) giveUp()
        else member.signal.addEventListener('abort', giveUp)
      })
    },
  }
}
