import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { ReapOrphans } from './contract.ts'
import { processesOf, signal, untilGone } from './processes.ts'
import { jobsFolder, removeJobFolder } from './run-folder.ts'

/**
 * Kills what jobs of a process that died left behind, and removes their folders; answers how many processes that were.
 * The folders name the ids that their processes carry.
 */
export const reapOrphans: ReapOrphans = async (parentDirectory) => {
  let killed = 0
  for (const run of await entriesOf(parentDirectory)) {
    const jobs = jobsFolder(join(parentDirectory, run))
    for (const id of await entriesOf(jobs)) {
      // Anything else in this place is none of ours.
      if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id)) continue
      const gone = killAll(id)
      await untilGone(gone)
      killed += gone.length
      await removeJobFolder({ root: join(jobs, id) })
    }
  }
  return killed
}

/** Kills until a look finds nothing: what is killed may just have started something. */
function killAll(id: string): number[] {
  const killed = new Set<number>()
  for (let round = 0; round < 10; round += 1) {
    const fresh = processesOf(id).filter((pid) => !killed.has(pid))
    if (fresh.length === 0) break
    for (const pid of fresh) {
      signal(pid, 'SIGKILL')
      killed.add(pid)
    }
  }
  return [...killed]
}

async function entriesOf(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}
