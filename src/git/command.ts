import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { simpleGit } from 'simple-git'
import { gitEnvironment } from './environment.ts'
import { GitFailure } from './failure.ts'

/** The bare repository that commands work on: its directory, and the name that failures call it by. */
export type Place = { path: string; name: string }

export type CommandOptions = {
  input?: string
  /** Where the command runs; the bare repository unless told. */
  cwd?: string
  env?: Record<string, string>
  settings?: Record<string, string>
  /** The command is ended after so many ms; without it, it may take as long as it takes. */
  timeoutMs?: number
  /** Texts that no message may show. */
  secrets?: string[]
}

/** How a command ended; `stderr` is trimmed and without secrets. */
export type Answer = { code: number; stdout: Buffer; stderr: string }

const ALLOWED = {
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafeTemplateDir: true,
} as const

/** Runs git on a bare repository and answers however it ended; it throws when git could not run or was killed. */
export async function tryGit(place: Place, args: string[], options: CommandOptions = {}): Promise<Answer> {
  const { input = '', cwd = place.path, secrets = [] } = options
  const env = { ...gitEnvironment(dirname(place.path), options.settings), GIT_DIR: place.path, ...options.env }
  const deadline = options.timeoutMs === undefined ? null : AbortSignal.timeout(options.timeoutMs)
  let ended: { exitCode: number | null; stdOut: Buffer[]; stdErr: Buffer[] } | undefined
  if (!existsSync(cwd)) throw failure(place, args, `${cwd} is a directory that does not exist.`)
  const done = simpleGit({
    baseDir: cwd,
    allowEnvironment: Object.keys(env),
    unsafe: ALLOWED,
    completion: { onClose: true, onExit: false },
    // A Buffer even when empty: for an empty string simple-git leaves git waiting for the end of its input.
    input: () => Buffer.from(input),
    errors: (_error, result) => {
      ended = result
      return undefined
    },
    ...(deadline && { abort: deadline }),
  })
    .env(env)
    // After a command that printed nothing simple-git waits 50 ms for its words; an empty one tells it that it need not.
    .outputHandler((_command, stdout) => setImmediate(() => stdout.emit('data', Buffer.alloc(0))))
    .raw(args)
  // The helper that git talks HTTP through outlives a git that is ended, and with it the end of the output.
  await (deadline === null ? done : Promise.race([done, once(deadline, 'abort')]))
  const words = Buffer.concat(ended?.stdErr ?? []).toString()
  const stderr = redact(words.trim(), secrets)
  if (deadline?.aborted) throw failure(place, args, `ended after ${options.timeoutMs} ms without a result. ${stderr}`)
  const code = ended?.exitCode ?? -1
  if (code < 0) throw failure(place, args, `did not run to its end. ${stderr}`)
  return { code, stdout: Buffer.concat(ended?.stdOut ?? []), stderr }
}

/** Runs git where success is expected, and gives what it printed. */
export async function git(place: Place, args: string[], options: CommandOptions = {}): Promise<Buffer> {
  const answer = await tryGit(place, args, options)
  if (answer.code !== 0) throw failure(place, args, answer.stderr || `exit code ${answer.code}`)
  return answer.stdout
}

/** The same where one line is printed. */
export async function gitLine(place: Place, args: string[], options: CommandOptions = {}): Promise<string> {
  return (await git(place, args, options)).toString().trim()
}

/** The failure of a command, in words that name the command and the repository. */
export function failure(place: Place, args: string[], words: string): GitFailure {
  return new GitFailure(`git ${args[0]} on ${place.name}: ${words}`.trim())
}

/** The parts of an output that `-z` separates by NUL. */
export function nulSeparated(output: Buffer, encoding: BufferEncoding = 'utf8'): string[] {
  return output.toString(encoding).split('\0').slice(0, -1)
}

function redact(text: string, secrets: string[]): string {
  return secrets.reduce((shown, secret) => (secret === '' ? shown : shown.replaceAll(secret, '***')), text)
}
