import { spawn } from 'node:child_process'

import type { BareRepository } from './contract.ts'

/** Git could not run, or said no where no refusal is expected. The message names the command and git's own words. */
export class GitError extends Error {
  override name = 'GitError'
}

interface GitOptions {
  input?: string | Buffer
  env?: Record<string, string>
  cwd?: string
}

interface GitOutput {
  code: number
  stdout: Buffer
  stderr: string
}

/** The whole environment of every git process: neither the host's configuration nor its GIT_* variables count. */
export function cleanEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    // Without a worktree attributes can only come from the host.
    GIT_ATTR_NOSYSTEM: '1',
  }
}

/** Runs git and answers however it ended; null as repository runs it outside of any. */
export function tryGit(
  repository: BareRepository | null,
  args: string[],
  options: GitOptions = {},
): Promise<GitOutput> {
  const env = { ...cleanEnvironment(), ...(repository === null ? {} : { GIT_DIR: repository }), ...options.env }
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { env, ...(options.cwd === undefined ? {} : { cwd: options.cwd }) })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', (cause) =>
      reject(new GitError(`git ${args[0]} could not be started: ${cause.message}`, { cause })),
    )
    child.on('close', (code, signal) => {
      if (code === null) reject(new GitError(`git ${args[0]} was ended by ${signal}`))
      else resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString().trim() })
    })
    // Git may end before it has read everything; its exit code says what there is to say.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input)
  })
}

/** Runs git where success is expected. */
export async function git(
  repository: BareRepository | null,
  args: string[],
  options: GitOptions = {},
): Promise<Buffer> {
  const output = await tryGit(repository, args, options)
  if (output.code !== 0) throw gitFailure(args, output)
  return output.stdout
}

/** The exception for a git command whose exit code nobody expected. */
export function gitFailure(args: string[], output: { code: number; stderr: string }): GitError {
  return new GitError(`git ${args[0]} ended with ${output.code}: ${output.stderr || 'no message'}`)
}
