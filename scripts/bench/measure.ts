import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'

/** What a program and all that it starts cost: wall and processor time in ms, the peak of their memory together in MiB. */
export type Cost = { wall: number; cpu: number; memory: number }

/** How often the memory is looked at, in ms. */
const interval = 20
const ticksPerSecond = 100

/** What to run, and where; `output` is a file for what it prints. */
export type Program = { command: string; args: string[]; cwd?: string; env?: NodeJS.ProcessEnv; output?: string }

/**
 * Runs a program to its end and gives the wall and processor time that it took, in ms, and what it printed.
 * @throws when it ends with anything but 0
 */
export async function time(program: Program): Promise<{ wall: number; cpu: number; printed: string }> {
  const before = childrenTime()
  const { ended } = launch(program)
  // From here on, because to start anything takes the longer the larger this process is.
  const start = performance.now()
  const printed = await ended
  return { wall: performance.now() - start, cpu: childrenTime() - before, printed }
}

/**
 * Runs a program to its end and gives the peak of its memory and that of all it starts, in MiB, by /proc, so on Linux only: the
 * proportional set size, in which what processes share counts once. A run of its own: looking takes time from what is looked at.
 * @throws as `time` does
 */
export async function peak(program: Program): Promise<number> {
  const { root, ended } = launch(program)
  let memory = 0
  const timer = setInterval(() => {
    memory = Math.max(
      memory,
      descendants(root).reduce((sum, pid) => sum + proportionalSize(pid), 0),
    )
  }, interval)
  await ended.finally(() => clearInterval(timer))
  return memory / 1024
}

function launch({ command, args, cwd, env, output }: Program): { root: number; ended: Promise<string> } {
  const file = output === undefined ? null : openSync(output, 'w')
  const child = spawn(command, args, {
    stdio: ['ignore', file ?? 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
  })
  if (file !== null) closeSync(file)
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(printed)
      else reject(new Error(`${command} ${args.join(' ')} ended with ${String(code)}`))
    })
  })
  return { root: child.pid ?? 0, ended }
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
