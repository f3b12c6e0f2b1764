import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

export type Ended = { status: number | null; signal: string | null; stdout: string; stderr: string }

/** The command line in a process of its own. `said` waits for a text on its stderr. */
export type Running = { child: ChildProcess; ended: Promise<Ended>; said(text: string): Promise<void> }

/** Starts `pawl` in `cwd`, with nothing of our environment but what it needs to run. */
export function startPawl(args: string[], cwd: string, variables: Record<string, string> = {}): Running {
  const env = { PATH: process.env['PATH'], HOME: cwd, TMPDIR: process.env['TMPDIR'], ...variables }
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = once(child, 'close').then(([status, signal]): Ended => {
    return { status: status as number | null, signal: signal as string | null, stdout, stderr }
  })
  return {
    child,
    ended,
    async said(text) {
      while (!stderr.includes(text)) {
        const last = await Promise.race([once(child.stderr, 'data').then(() => null), ended])
        if (last && !stderr.includes(text)) throw new Error(`It ended without saying ${text}: ${JSON.stringify(last)}`)
      }
    },
  }
}

export const pawl = (args: string[], cwd: string, variables: Record<string, string> = {}): Promise<Ended> =>
  startPawl(args, cwd, variables).ended

/** Makes a git repository of these files in `dir`, on the branch main. */
export function commitTo(dir: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=Ann', '-c', 'user.email=ann@acme.example', ...args], {
      stdio: 'ignore',
    })
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--quiet', '--message=Begin')
}
