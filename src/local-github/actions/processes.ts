import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A living process, as the kernel tells it. */
export interface ProcessEntry {
  pid: number
  parent: number
  group: number
}

/** All living processes; none where the kernel has no /proc. */
export function listProcesses(): ProcessEntry[] {
  return processIds().flatMap((pid) => {
    // The name in brackets may hold anything, so the fields count from the last bracket: state, parent, group.
    const stat = readOrNull(`/proc/${pid}/stat`)
    const [state, parent, group] = stat === null ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === undefined || state === 'Z' ? [] : [{ pid, parent: Number(parent), group: Number(group) }]
  })
}

/** The process and everything below it. */
export function familyOf(pid: number): number[] {
  const all = listProcesses()
  const family = [pid]
  for (const member of family) {
    for (const entry of all) if (entry.parent === member && !family.includes(entry.pid)) family.push(entry.pid)
  }
  return family
}

/**
 * Processes that carry a job's random id in their environment or work below its folder, which has the id in its name:
 * also those that left the job's process group.
 */
export function processesOf(id: string): number[] {
  return processIds().filter((pid) => {
    if (pid === process.pid) return false
    return (
      (readOrNull(`/proc/${pid}/environ`) ?? '').includes(id) || (linkOrNull(`/proc/${pid}/cwd`) ?? '').includes(id)
    )
  })
}

/** Signals a process, or with a negative number a group; one that has ended meanwhile is no fault. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!isCode(error, 'ESRCH') && !isCode(error, 'EPERM')) throw error
  }
}

/** Resolves when none of the killed processes lives any more, or after a second: the kernel may take its time. */
export async function untilGone(pids: number[]): Promise<void> {
  const deadline = performance.now() + 1000
  const lives = () => pids.length > 0 && listProcesses().some(({ pid }) => pids.includes(pid))
  while (lives() && performance.now() < deadline) await sleep(2)
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
  } catch {
    return []
  }
}

// A process may end, or belong to another user, between the listing and the reading.
function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function linkOrNull(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
