import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'

import { hostScript } from './host-script.ts'
import { familyOf, listProcesses, processesOf, signal, untilGone } from './processes.ts'

/** How long the end of a job waits for the last of its output before it is cut off, in milliseconds. */
const drainMs = 500

/** How a step's process ended; null when it was killed together with its job. */
type StepExit = number | null

/** A job's process group, which everything that its steps start belongs to. */
export interface JobHost {
  /** Runs a bash script and gives its output line by line; one at a time. */
  run: (scriptPath: string, onLine: (line: string) => void) => Promise<StepExit>
  /** Signals the running step and all that it started, if one runs. */
  signalStep: (name: NodeJS.Signals) => void
  /** Kills what is left of the job; resolves when it is gone. */
  close: () => Promise<void>
}

interface Running {
  /** Null until the step's program has said it. */
  pid: number | null
  /** A signal that came before. */
  missed: NodeJS.Signals | null
  onLine: (line: string) => void
  done: (exit: StepExit) => void
}

/** Starts a job's process group. `id` is the random id that its processes carry; `path` is where bash is looked for. */
export function startJobHost(id: string, path: string): JobHost {
  const marker = `##[${randomUUID()}]`
  const child = spawn('bash', ['--noprofile', '--norc', '-c', hostScript, 'job', marker, id], {
    detached: true,
    cwd: '/',
    env: { PATH: path },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let running: Running | null = null
  let fault: Error | null = null
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      fault = new Error(`bash could not be started: ${error.message}`, { cause: error })
      resolve()
    })
    child.once('close', () => resolve())
  })
  const settle = (exit: StepExit) => {
    const ended = running
    running = null
    ended?.done(exit)
  }
  void gone.then(() => settle(null))
  child.stdin.on('error', () => {})
  child.stderr.resume()
  readLines(child.stdout, (line) => {
    const at = line.indexOf(marker)
    if (at < 0) return running?.onLine(line)
    // What a step printed without a line's end stands before its own end.
    if (at > 0) running?.onLine(line.slice(0, at))
    const [what, value] = line.slice(at + marker.length + 1).split(' ')
    if (what === 'pid' && running !== null) {
      running.pid = Number(value)
      if (running.missed !== null) signalFamily(running.pid, running.missed)
    }
    if (what === 'end') settle(Number(value))
  })

  let closing: Promise<void> | null = null
  const close = async () => {
    const { pid } = child
    if (pid === undefined) return gone
    const killed = killStrays(id, pid)
    child.stdin.end('end\n')
    const timer = setTimeout(() => signal(-pid, 'SIGKILL'), drainMs)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    clearTimeout(timer)
    // What it started between the first look and its end.
    await untilGone([...killed, ...killStrays(id, pid)])
    child.stdout.destroy()
    child.stderr.destroy()
    await gone
  }

  return {
    async run(scriptPath, onLine) {
      if (child.exitCode !== null || child.signalCode !== null) return null
      const exit = await new Promise<StepExit>((done) => {
        running = { pid: null, missed: null, onLine, done }
        child.stdin.write(`${scriptPath}\n`)
      })
      if (fault !== null) throw fault
      return exit
    },
    signalStep(name) {
      if (running === null) return
      if (running.pid === null) running.missed = name
      else signalFamily(running.pid, name)
    },
    close() {
      closing ??= close()
      return closing
    },
  }
}

function signalFamily(pid: number, name: NodeJS.Signals): void {
  for (const member of familyOf(pid)) signal(member, name)
}

/** Kills all of the job but the host itself and the process that passes its output on, which the host ends. */
function killStrays(id: string, host: number): number[] {
  const members = listProcesses().filter((entry) => entry.group === host && entry.parent !== host && entry.pid !== host)
  const strays = new Set([...processesOf(id), ...members.map((entry) => entry.pid)])
  strays.delete(host)
  for (const pid of strays) signal(pid, 'SIGKILL')
  return [...strays]
}

/** A line longer than this is given in pieces, in characters. */
const longestLine = 1_000_000

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line)
    if (rest.length > longestLine) {
      onLine(rest)
      rest = ''
    }
  })
  stream.on('end', () => {
    if (rest !== '') onLine(rest)
  })
}
