import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'

export type GitProcess = {
  child: ChildProcess & { stdin: Writable }
  /** Null when the output goes elsewhere. */
  stdout: Readable | null
  /** @throws when git ends with anything but 0; the message carries what git said */
  ended: Promise<void>
}

/** How large the windows are through which git sees a pack, all of them together, and what it keeps of bases of deltas. */
export type Memory = { window: string; windows: string; bases: string }

/** Saves a hundred megabytes and, where not much is read, costs no time. */
const frugal: Memory = { window: '1m', windows: '8m', bases: '8m' }

/**
 * Starts git on a bare repository or a `.git` directory. No configuration but the repository's own is read, and nothing
 * is asked of a person. The directory is named outright, so git discovers nothing. What it prints goes to `output` if given.
 */
export function startGit(
  repository: string,
  args: string[],
  { signal, output, memory = frugal }: { signal?: AbortSignal | undefined; output?: Socket; memory?: Memory } = {},
): GitProcess {
  const settings = [
    'core.fsmonitor=false',
    `core.packedGitWindowSize=${memory.window}`,
    `core.packedGitLimit=${memory.windows}`,
    `core.deltaBaseCacheLimit=${memory.bases}`,
  ].flatMap((setting) => ['-c', setting])
  const child = spawn('git', [`--git-dir=${repository}`, ...settings, ...args], {
    stdio: ['pipe', output ?? 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_OPTIONAL_LOCKS: '0',
    },
    ...(signal && { signal }),
  })
  const { stdin, stdout, stderr } = child
  if (stdin === null || stderr === null) throw new Error('git was started without pipes')
  let complaint = ''
  stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < 2_000) complaint += text
  })
  // A reader that went away is told by the exit code, not by a broken pipe.
  stdin.on('error', () => {})
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, killed) => {
      if (code === 0) resolve()
      else reject(new Error(`git ${args.join(' ')} in ${repository} failed (${killed ?? code}): ${complaint.trim()}`))
    })
  })
  // Whoever reads the output awaits this last; until then a failure must not count as unheard.
  ended.catch(() => {})
  return { child: Object.assign(child, { stdin }), stdout, ended }
}

/** No output is larger, in bytes: a tree of a few kilobytes can have more paths than there are atoms. */
const mostOutput = 128_000_000

/**
 * The whole output of a git command.
 * @throws as `startGit` tells, and when the output is too large
 */
export async function runGit(repository: string, args: string[], signal?: AbortSignal): Promise<Buffer> {
  const { child, stdout, ended } = startGit(repository, args, { signal })
  child.stdin.end()
  const chunks: Buffer[] = []
  let length = 0
  stdout?.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length <= mostOutput) chunks.push(chunk)
    else child.kill('SIGKILL')
  })
  await ended.catch((error: unknown) => {
    if (length <= mostOutput) throw error
    throw new Error(
      `git ${args[0] ?? ''} in ${repository} gave more than ${mostOutput} bytes: there are too many paths`,
    )
  })
  return Buffer.concat(chunks, length)
}
