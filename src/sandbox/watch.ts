import { readdirSync, readFileSync, statfsSync } from 'node:fs'
import type { Limits } from './limits.ts'

/** How often all processes of a sandbox are looked at together, ms. */
const LOOK_MS = 100

/** Linux counts memory in pages; all machines that Pawl is made for have pages of this size, or larger ones. */
const PAGE = 4096

export type Bounds = Pick<Limits, 'total' | 'spare' | 'processes' | 'disk'>

/**
 * Watches what the limits of a single process cannot bind: the number of processes where the host runs Pawl as root, the
 * memory of all of them together, and how full the disk of the workspace becomes. `over` hears once what was exceeded.
 * Returns how to end the watch.
 */
export function watchAll(
  { first, workspace, bounds }: { first: () => string | null; workspace: string; bounds: Bounds },
  over: (why: string) => void,
): () => void {
  const before = freeOf(workspace)
  const timer = setInterval(() => {
    const pid = first()
    const why = pid === null ? null : excess(used(pid, bounds.processes), bounds, before - freeOf(workspace))
    if (why === null) return
    clearInterval(timer)
    over(why)
  }, LOOK_MS)
  return () => clearInterval(timer)
}

type Used = { processes: number; memory: number }

function excess({ processes, memory }: Used, bounds: Bounds, written: number): string | null {
  if (processes > bounds.processes) return `ran more than the ${bounds.processes} processes that the sandbox allows`
  if (memory > bounds.total) return `used more than the ${inMegabytes(bounds.total)} of memory that the sandbox allows`
  // Memory may be taken in ways that belong to no process, such as files that exist in memory only.
  if (process.availableMemory() < bounds.spare) return `left the host less than ${inMegabytes(bounds.spare)} of memory`
  if (written > bounds.disk) return `filled more than the ${inMegabytes(bounds.disk)} of disk that the sandbox allows`
  return null
}

/** What runs below a process, itself included, threads counted as processes like the kernel does. Stops at `most` of them. */
function used(first: string, most: number): Used {
  const all: Used = { processes: 0, memory: 0 }
  const left = [first]
  for (let pid = left.pop(); pid !== undefined && all.processes <= most; pid = left.pop()) {
    try {
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        all.processes += 1
        left.push(...(readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').match(/\d+/g) ?? []))
      }
      const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number)
      all.memory += (resident - shared) * PAGE
    } catch {
      // It ended meanwhile.
    }
  }
  return all
}

function freeOf(dir: string): number {
  const { bavail, bsize } = statfsSync(dir)
  return bavail * bsize
}

const inMegabytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MB`
