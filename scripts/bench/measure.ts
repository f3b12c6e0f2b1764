import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What a program and all that it starts cost: wall and processor time in ms, the peak of their memory together in MiB. */
export type Cost = { wall: number; cpu: number; memory: number }

/** How often the memory is looked at, in ms. */
const interval = 20
const ticksPerSecond = 100

/**
 * Runs a program to its end and measures it by /proc, so on Linux only. Memory is the proportional set size: what processes
 * share counts once. What it prints is given back.
 * @throws when it ends with anything but 0
 */
export async function measure(
  command: string,
  args: string[],
  { cwd, env }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Cost & { output: string }> {
  const start = performance.now()
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
  })
  const root = child.pid ?? 0
  let memory = 0
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const timer = setInterval(() => {
    memory = Math.max(
      memory,
      descendants(root).reduce((sum, pid) => sum + proportionalSize(pid), 0),
    )
  }, interval)
  const before = childrenTime()
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const wall = performance.now() - start
  clearInterval(timer)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}`)
  return { wall, cpu: childrenTime() - before, memory: memory / 1024, output }
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Processor time, in ms, of all children of this process that have ended, and of theirs. Source: proc(5), fields 16 and 17. */
function childrenTime(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[13]) + Number(fields[14])) * 1000) / ticksPerSecond
}

function descendants(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(descendants)]
}

function proportionalSize(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
}

/** Empty for a process that has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
