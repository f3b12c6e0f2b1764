import { readdirSync, readFileSync } from 'node:fs'

/** A process of this host for good: the system gives ids again, but not with the same start in the same boot. */
export type ProcessId = { pid: number; start: string }

type Stat = { state: string; parent: number; start: string }

/** proc(5): the name in field 2 may hold anything, so the fields are counted from its last parenthesis. */
function stat(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', parent: Number(fields[1]), start: fields[19] ?? '' }
  } catch {
    return null
  }
}

/** `null` when no such process runs; one that has ended and only waits for its parent does not run. */
export function identify(pid: number): ProcessId | null {
  const found = stat(pid)
  if (found === null || found.state === 'Z' || found.state === 'X') return null
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return { pid, start: `${boot}:${found.start}` }
}

export function runs(id: ProcessId | null): id is ProcessId {
  return id !== null && identify(id.pid)?.start === id.start
}

/** The oldest process that was started under a name: it finds what was started and not yet written down. */
export function findNamed(name: string): ProcessId | null {
  const found = processes().flatMap((pid) => {
    const since = commandName(pid) === name ? stat(pid) : null
    return since === null ? [] : [{ pid, since: Number(since.start) }]
  })
  const oldest = found.sort((one, other) => one.since - other.since)[0]
  return oldest === undefined ? null : identify(oldest.pid)
}

/** All that a process has started, with how many generations below it they are. */
export function descendants(pid: number): { pid: number; depth: number }[] {
  const children = new Map<number, number[]>()
  for (const each of processes()) {
    const parent = stat(each)?.parent
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), each])
  }
  const below = (parent: number, depth: number): { pid: number; depth: number }[] =>
    (children.get(parent) ?? []).flatMap((child) => [{ pid: child, depth }, ...below(child, depth + 1)])
  return below(pid, 1)
}

function processes(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
}

function commandName(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? ''
  } catch {
    return ''
  }
}
