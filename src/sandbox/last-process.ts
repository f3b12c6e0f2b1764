import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Returns when nothing of a sandbox runs any more. Its first process, which bubblewrap names in the answer of `--info-fd`,
 * is the last to end: pid_namespaces(7). The command's own end comes earlier, while what it left behind still writes.
 */
export async function untilEmpty(info: string): Promise<void> {
  const pid = /"child-pid":\s*(\d+)/.exec(info)?.[1]
  if (pid === undefined) return
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
