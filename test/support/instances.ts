import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FromInstance, ToInstance } from './instance-messages.ts'

export type Instance = {
  pid: number
  /** Resolves when the instance has done it. */
  ask(message: ToInstance): Promise<void>
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>
}

const living = new Set<ChildProcess>()

/** Starts an instance of the engine in a process of its own; resolves when it is launched. */
export async function startInstance(databaseUrl: string): Promise<Instance> {
  const child = fork(fileURLToPath(new URL('engine-instance.ts', import.meta.url)), [databaseUrl], { execArgv: [] })
  living.add(child)
  child.once('exit', () => living.delete(child))
  await answer(child, 'ready')
  return {
    pid: child.pid ?? 0,
    async ask(message) {
      child.send(message)
      await answer(child, 'done')
    },
    kill: () => killOne(child),
  }
}

/** For `afterEach`: no instance outlives its test. */
export async function killInstances(): Promise<void> {
  await Promise.all([...living].map(killOne))
}

async function killOne(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

async function answer(child: ChildProcess, expected: FromInstance): Promise<void> {
  const ended = new AbortController()
  const exit = once(child, 'exit', { signal: ended.signal }).then(([code, signal]) => {
    throw new Error(`The instance ended (${String(code ?? signal)}) before it was ${JSON.stringify(expected)}.`)
  })
  exit.catch(() => {})
  const [message] = (await Promise.race([once(child, 'message'), exit])) as [FromInstance]
  ended.abort()
  if (message !== expected)
    throw new Error(`The instance said ${JSON.stringify(message)}, not ${JSON.stringify(expected)}.`)
}
