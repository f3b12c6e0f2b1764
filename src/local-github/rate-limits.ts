import type { Caller, Rate } from './contract.ts'

const LIMIT = 5000
const HOUR = 3600

/** Whose budget a request costs: an installation's tokens share one. */
function payer(caller: Caller): string {
  switch (caller.kind) {
    case 'installation':
      return `installation ${caller.app.id}/${caller.installation?.id ?? 0}`
    case 'app':
      return `app ${caller.app.id}`
    case 'person':
      return `person ${caller.user.id}`
    case 'anonymous':
      return 'anonymous'
  }
}

export interface RateLimits {
  of(caller: Caller): Rate
  spend(caller: Caller): void
  /** Gives back what turned out to cost nothing (a 304). */
  refund(caller: Caller): void
}

/** Counts requests of the running hour; a restart begins a new one. */
export function createRateLimits(now: () => number = () => Math.floor(Date.now() / 1000)): RateLimits {
  const windows = new Map<string, { used: number; reset: number }>()

  function window(caller: Caller): { used: number; reset: number } {
    const name = payer(caller)
    let found = windows.get(name)
    if (found === undefined || found.reset <= now()) windows.set(name, (found = { used: 0, reset: now() + HOUR }))
    return found
  }

  return {
    of(caller) {
      const { used, reset } = window(caller)
      return { limit: LIMIT, used, remaining: Math.max(LIMIT - used, 0), reset }
    },
    spend: (caller) => void (window(caller).used += 1),
    refund: (caller) => void (window(caller).used -= 1),
  }
}
