import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** The process of the host that is the sandbox's first, as bubblewrap names it in the answer of `--info-fd`. */
export function firstProcess(info: string): string | null {
  return /"child-pid":\s*(\d+)/.exec(info)?.[1] ?? null
}

/**
 * Returns when nothing of a sandbox runs any more. Its first process is the last to end: pid_namespaces(7). The command's own
 * end comes earlier, while what it left behind still writes.
 */
export async function untilEmpty(pid: string | null): Promise<void> {
  if (pid === null) return
  while (exists(pid)) await sleep(1)
}

/** A process that only waits for somebody to ask how it ended has ended. */
function exists(pid: string): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/^[ZX]/.test(text.slice(text.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}
