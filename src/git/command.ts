import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { gitEnvironment } from './environment.ts'
import { GitFailure } from './failure.ts'
import { runElsewhere } from './runner.ts'

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

/** Runs git on a bare repository and answers however it ended; it throws when git could not run or was killed. */
export async function tryGit(place: Place, args: string[], options: CommandOptions = {}): Promise<Answer> {
  const { input = '', cwd = place.path, secrets = [] } = options
  const env = { ...gitEnvironment(dirname(place.path), options.settings), GIT_DIR: place.path, ...options.env }
  if (!existsSync(cwd)) throw failure(place, args, `${cwd} is a directory that does not exist.`)
  const { timeoutMs = null } = options
  const ended = await runElsewhere({ args, cwd, env, input, timeoutMs }).catch((error: Error) => {
    throw failure(place, args, redact(error.message, secrets))
  })
  const stderr = redact(ended.stderr.trim(), secrets)
  if (ended.late) throw failure(place, args, `ended after ${timeoutMs} ms without a result. ${stderr}`)
  if (ended.code < 0) throw failure(place, args, `did not run to its end. ${stderr}`)
  return { code: ended.code, stdout: ended.stdout, stderr }
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
