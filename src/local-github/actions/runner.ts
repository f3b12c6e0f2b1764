import type { CreateRunner } from './contract.ts'
import { createGroups } from './groups.ts'
import { executeRun } from './run.ts'
import { createSlots } from './slots.ts'

/** A runner for this machine, which a server shares between its runs. */
export const createRunner: CreateRunner = ({ jobs = 2, now = () => new Date() } = {}) => {
  const machine = { slots: createSlots(jobs), groups: createGroups(), now }
  const closing = new AbortController()
  const running = new Set<Promise<unknown>>()
  const idle = async () => {
    while (running.size > 0) await Promise.allSettled(running)
  }
  return {
    run(request) {
      const run = executeRun(request, machine, closing.signal)
      running.add(run)
      const forget = () => running.delete(run)
      run.then(forget, forget)
      return run
    },
    idle,
    async close() {
      closing.abort()
      await idle()
    },
  }
}
