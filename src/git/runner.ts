import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { GitCommand, GitResult } from './run-git.ts'

type Reply = { id: number; result: GitResult } | { id: number; error: string }
type Waiting = { done: (result: GitResult) => void; fail: (error: Error) => void }
type Runner = { child: ChildProcess; waiting: Map<number, Waiting> }

const program = fileURLToPath(new URL('runner-process.ts', import.meta.url))

let runner: Runner | null = null
let last = 0

/**
 * Runs git through a process that does nothing else. To start a program a process is copied first, and of a service with 400 MB
 * that takes 60 ms in which nothing else happens; of this one it takes 3. It is started when it is needed, and again when it died.
 */
export function runElsewhere(command: GitCommand): Promise<GitResult> {
  const { child, waiting } = (runner ??= start())
  const id = ++last
  return new Promise((done, fail) => {
    waiting.set(id, { done, fail })
    hold(child, true)
    child.send({ id, command }, (error) => {
      if (error && waiting.delete(id)) fail(error)
    })
  })
}

function start(): Runner {
  const child = fork(program, [], {
    serialization: 'advanced',
    execArgv: ['--max-semi-space-size=2'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {},
  })
  const started: Runner = { child, waiting: new Map() }
  child.on('message', (reply: Reply) => {
    const { waiting } = started
    const one = waiting.get(reply.id)
    waiting.delete(reply.id)
    // One that has nothing to do must not keep this process from ending.
    if (waiting.size === 0) hold(child, false)
    if (!one) return
    if ('result' in reply) one.done({ ...reply.result, stdout: Buffer.from(reply.result.stdout) })
    else one.fail(new Error(reply.error))
  })
  const over = (why: string) => {
    if (runner === started) runner = null
    for (const { fail } of started.waiting.values()) fail(new Error(`the process that starts git ${why}`))
    started.waiting.clear()
  }
  child.on('error', (error) => over(`failed: ${error.message}`))
  child.on('exit', (code, signal) => over(`ended with ${signal ?? code}`))
  return started
}

function hold(child: ChildProcess, busy: boolean): void {
  if (busy) {
    child.ref()
    child.channel?.ref()
  } else {
    child.unref()
    child.channel?.unref()
  }
}
