import { spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { capture } from './capture.ts'
import { firstProcess, untilEmpty } from './last-process.ts'
import { watchAll, type Bounds } from './watch.ts'

/** What a command gave back. `code` is `null` when it did not end by itself; `reason` is empty when `ok`. */
export type ExecResult = {
  ok: boolean
  code: number | null
  stdout: string
  stderr: string
  reason: string
  ms: number
}

export type ChildOptions = {
  /** The path of bubblewrap, and its arguments after those that say where to read the others and where to report. */
  program: string
  args: string[]
  /** Arguments that are handed over on a file descriptor: a command line can be read by all. */
  jail: string[]
  stdin: string
  timeoutMs: number
  signal: AbortSignal
  output: number
  workspace: string
  bounds: Bounds
}

/**
 * Runs bubblewrap as the leader of a process group of its own and with an empty environment, until its command ends, its time
 * is over, all of it together uses too much or the signal comes; then everything in the sandbox is killed. Resolves when nothing of it is left, never rejects.
 */
export function runChild(options: ChildOptions): Promise<ExecResult> {
  const { program, args, jail, stdin, timeoutMs, signal, output, workspace, bounds } = options
  const started = performance.now()
  const ms = () => Math.round(performance.now() - started)
  const nothing = (reason: string): ExecResult => ({ ok: false, code: null, stdout: '', stderr: '', reason, ms: ms() })
  if (signal.aborted) return Promise.resolve(nothing('was cancelled before it started'))

  return new Promise((resolve) => {
    // /proc/1/environ shows the code in the sandbox what its first process was started with.
    const child = spawn(program, ['--args', '3', '--info-fd', '4', ...args], {
      env: {},
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    })
    const info = capture(child.stdio[4] as Readable, 4_096)
    const stdout = capture(child.stdout, output)
    const stderr = capture(child.stderr, output)
    let stopped = ''
    const stop = (why: string) => {
      if (child.pid === undefined || stopped !== '') return
      stopped = why
      killGroup(child.pid)
    }
    const timer = setTimeout(() => stop(`took longer than ${timeoutMs / 1000} s and was stopped`), timeoutMs)
    const cancel = () => stop('was cancelled')
    signal.addEventListener('abort', cancel, { once: true })
    const unwatch = watchAll({ first: () => firstProcess(info()), workspace, bounds }, stop)
    const finish = (result: ExecResult) => {
      clearTimeout(timer)
      unwatch()
      signal.removeEventListener('abort', cancel)
      resolve(result)
    }
    child.on('error', (error) => finish(nothing(`cannot be run: ${error.message}`)))
    child.on('close', (code, killed) => {
      const reason = stopped || ending(code, killed)
      void untilEmpty(firstProcess(info())).then(() => {
        finish({
          ok: reason === '',
          code: stopped === '' ? code : null,
          stdout: stdout(),
          stderr: stderr(),
          reason,
          ms: ms(),
        })
      })
    })
    feed(child.stdio[3] as Writable, jail.join('\0'))
    feed(child.stdin, stdin)
  })
}

/** Kills every process of the group that `pid` leads; a group that is gone already is no fault. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Commands may end without having read what they are given. */
function feed(stream: Writable, text: string): void {
  stream.on('error', () => {})
  stream.end(text)
}

function ending(code: number | null, killed: string | null): string {
  if (code === 0) return ''
  if (killed !== null) return `was ended by ${killed}`
  // A shell and bubblewrap report the signal that ended a command as 128 and its number.
  if (code === 137) return 'was killed, as happens when it uses more than the sandbox allows (exit status 137)'
  if (code === 152) return 'used more computing time than the sandbox allows (exit status 152)'
  if (code === 153) return 'wrote a larger file than the sandbox allows (exit status 153)'
  return `ended with exit status ${code}`
}
