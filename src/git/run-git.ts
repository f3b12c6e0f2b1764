import { once } from 'node:events'
import { simpleGit } from 'simple-git'

/** A command of git with all that it needs; `env` is its whole environment, `timeoutMs` `null` where it may take as long as it takes. */
export type GitCommand = {
  args: string[]
  cwd: string
  env: Record<string, string>
  input: string
  timeoutMs: number | null
}

/** How it ended: `code` is below 0 when it did not run to its end, `late` when it was ended because its time was up. */
export type GitResult = { code: number; stdout: Buffer; stderr: string; late: boolean }

const ALLOWED = {
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafeTemplateDir: true,
} as const

/** Runs git as a child of this process. */
export async function runGit({ args, cwd, env, input, timeoutMs }: GitCommand): Promise<GitResult> {
  const deadline = timeoutMs === null ? null : AbortSignal.timeout(timeoutMs)
  let ended: { exitCode: number | null; stdOut: Buffer[]; stdErr: Buffer[] } | undefined
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
  return {
    code: ended?.exitCode ?? -1,
    stdout: Buffer.concat(ended?.stdOut ?? []),
    stderr: Buffer.concat(ended?.stdErr ?? []).toString(),
    late: deadline?.aborted ?? false,
  }
}
