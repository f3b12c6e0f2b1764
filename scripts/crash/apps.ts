import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AppOrder, FromApp, ToApp } from './messages.ts'

/** The app in a process of its own. */
export type RunningApp = {
  pid: number
  url: string
  /** Sends SIGKILL at once; resolves when the process is gone. */
  kill(): Promise<void>
  /** Resolves when it has stopped gracefully. */
  stop(): Promise<void>
}

export type Apps = {
  /** Starts the app in the process that stood ready for it, and makes another one ready. */
  start(order: AppOrder): Promise<RunningApp>
  /** Kills whatever is left. */
  close(): Promise<void>
}

/** `dir` gets the log of all of them, and what they compiled, so that the next one need not. */
export function createApps(dir: string): Apps {
  const living = new Set<ChildProcess>()
  const load = (): ChildProcess => {
    const log = openSync(join(dir, 'app.log'), 'a')
    const child = fork(fileURLToPath(new URL('app-process.ts', import.meta.url)), [], {
      execArgv: [],
      env: { ...process.env, NODE_COMPILE_CACHE: join(dir, 'compiled') },
      stdio: ['ignore', log, log, 'ipc'],
    })
    closeSync(log)
    living.add(child)
    child.once('exit', () => living.delete(child))
    return child
  }
  let spare = load()
  let loaded = saying(spare, 'loaded')
  return {
    async start(order) {
      const child = spare
      await loaded
      tell(child, { do: 'start', order })
      const { url } = await saying(child, 'ready')
      spare = load()
      loaded = saying(spare, 'loaded')
      // It may be killed unused, at the end.
      loaded.catch(() => {})
      return {
        pid: child.pid ?? 0,
        url,
        kill: () => kill(child),
        async stop() {
          tell(child, { do: 'stop' })
          await saying(child, 'stopped')
          if (child.exitCode === null) await once(child, 'exit')
        },
      }
    },
    async close() {
      await Promise.all([...living].map(kill))
    },
  }
}

const tell = (child: ChildProcess, message: ToApp) => child.send(message)

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** Waits for the app's next word, which must be this one. @throws {Error} when the process ends before. */
async function saying<Word extends FromApp['said']>(
  child: ChildProcess,
  word: Word,
): Promise<Extract<FromApp, { said: Word }>> {
  const ended = new AbortController()
  const exit = once(child, 'exit', { signal: ended.signal }).then(([code, signal]) => {
    throw new Error(`The app ended (${String(code ?? signal)}) before it was ${word}.`)
  })
  exit.catch(() => {})
  const [message] = (await Promise.race([once(child, 'message'), exit])) as [FromApp]
  ended.abort()
  if (message.said !== word) throw new Error(`The app said ${message.said}, not ${word}.`)
  return message as Extract<FromApp, { said: Word }>
}
