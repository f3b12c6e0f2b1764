import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import { runChild, type ExecResult } from './child.ts'
import { jailArguments } from './jail.ts'
import { limited, LIMITS, type Limits } from './limits.ts'
import { openNetwork, type LentKey, type OpenNetwork } from './network/open.ts'
import { selfTest } from './self-test.ts'
import { startService } from './service.ts'

type Refusal = { ok: false; reason: string; remedy: string }

export type RunOptions = {
  /** The directory that is writable, as `/repo`; a `.git` in it is not visible. */
  workspace: string
  timeoutMs: number
  signal: AbortSignal
  env?: Record<string, string>
  stdin?: string
  /** Hosts that the command may reach, through a proxy that it finds in its environment: `host`, `host:port`, `*.host`. */
  network?: string[]
  /** Keys that the command may use with hosts of `network`, and never sees. */
  keys?: LentKey[]
  limits?: Partial<Limits>
}

/** `name` is what the process is called in the host's list of processes; `log` is the file that gets its output. */
type ServiceOptions = { workspace: string; env: Record<string, string>; name: string; log: string }

/** Runs a repository's code with no more than it needs. Where that is not possible nothing is run, and the answer says why. */
export type Sandbox = {
  /** Proves once, by a command run in it, that the sandbox holds. A failure is not remembered: it may have been mended. */
  check(): Promise<{ ok: true } | Refusal>
  run(command: string[], options: RunOptions): Promise<ExecResult>
  /**
   * Starts a command that goes on when this process ends. It has the host's network, because it serves a port, and the rest of
   * the sandbox. `pid` leads the process group: SIGKILL to the group leaves nothing behind.
   */
  serve(command: string[], options: ServiceOptions): Promise<{ ok: true; pid: number } | Refusal>
}

const SELF_TEST_MS = 20_000

const NO_NETWORK = { jail: [], variables: {}, before: [] }

/** `program` is bubblewrap's name on PATH or its path. */
export function createSandbox({
  program = 'bwrap',
  limits = {},
}: { program?: string; limits?: Partial<Limits> } = {}): Sandbox {
  let proof: Promise<{ ok: true } | Refusal> | null = null

  const start = (
    command: string[],
    options: Omit<RunOptions, 'network' | 'keys'>,
    network: Pick<OpenNetwork, 'jail' | 'variables' | 'before'> = NO_NETWORK,
  ): Promise<ExecResult> => {
    const bounds = { ...LIMITS, ...limits, ...options.limits }
    const { workspace, timeoutMs, signal, stdin = '' } = options
    const env = { ...options.env, ...network.variables }
    const jail = jailArguments({ workspace, env, limits: bounds, network: 'none', more: network.jail })
    if (!jail.ok) return Promise.resolve(refused(jail.reason))
    if (command.some((word) => word.includes('\0'))) return Promise.resolve(refused('the command has a null character'))
    const args = ['--', ...network.before, ...limited(bounds, command)]
    const path = find(program) ?? program
    const { output } = bounds
    return runChild({ program: path, args, jail: jail.args, stdin, timeoutMs, signal, output, workspace, bounds })
  }

  const prove = async (): Promise<{ ok: true } | Refusal> => {
    if (process.platform !== 'linux') {
      return {
        ok: false,
        reason: `the sandbox needs Linux, and this is ${process.platform}`,
        remedy: 'run Pawl on Linux, or in its Docker image',
      }
    }
    if (find(program) === null) {
      return {
        ok: false,
        reason: `bubblewrap (${program}) is not installed`,
        remedy: 'install the package bubblewrap, version 0.8 or later, and start Pawl again',
      }
    }
    const faults = await selfTest((command, workspace) =>
      start(command, { workspace, timeoutMs: SELF_TEST_MS, signal: new AbortController().signal }),
    )
    return faults.length === 0
      ? { ok: true }
      : { ok: false, reason: `the sandbox does not hold: ${faults.join('; ')}`, remedy: remedyFor(faults.join(' ')) }
  }

  const check = async () => {
    proof ??= prove()
    const current = proof
    const result = await current
    if (!result.ok && proof === current) proof = null
    return result
  }

  return {
    check,

    async run(command, { network: hosts = [], keys = [], ...options }) {
      const held = await check()
      if (!held.ok) return refused(`${held.reason}. To mend it: ${held.remedy}`)
      if (hosts.length === 0) return start(command, options)
      const network = await openNetwork(hosts, keys)
      try {
        const result = await start(command, options, network)
        return { ...result, stderr: [result.stderr, ...network.notes()].filter((text) => text !== '').join('\n') }
      } finally {
        await network.close()
      }
    },

    async serve(command, { workspace, env, name, log }) {
      const held = await check()
      if (!held.ok) return held
      const bounds = { ...LIMITS, ...limits }
      const jail = jailArguments({ workspace, env, limits: bounds, network: 'host' })
      if (!jail.ok) return { ...jail, remedy: 'correct the configuration' }
      return startService({ program: find(program) ?? program, jail: jail.args, command, limits: bounds, name, log })
    },
  }
}

function refused(reason: string): ExecResult {
  return { ok: false, code: null, stdout: '', stderr: '', reason: `was not run: ${reason}`, ms: 0 }
}

/** The absolute path of a program, because it is started without a PATH. */
function find(program: string): string | null {
  const places = program.includes('/') ? [''] : (process.env['PATH'] ?? '').split(':').filter((place) => place !== '')
  for (const place of places) {
    const path = join(place, program)
    try {
      accessSync(path, constants.X_OK)
      if (statSync(path).isFile()) return path
    } catch {
      // Not in this place.
    }
  }
  return null
}

function remedyFor(faults: string): string {
  if (/unknown option/i.test(faults)) return 'install bubblewrap 0.8 or later'
  if (/namespace|uid map|mount|Operation not permitted|Permission denied/i.test(faults)) {
    return (
      'allow user namespaces: start a container with the security options seccomp=unconfined, apparmor=unconfined and ' +
      'systempaths=unconfined; on a host set kernel.unprivileged_userns_clone=1, and give bwrap an AppArmor profile that ' +
      'allows userns, or set kernel.apparmor_restrict_unprivileged_userns=0'
    )
  }
  if (/prlimit/.test(faults)) return 'install the package util-linux'
  return 'run `pawl doctor` on the host and correct what it names'
}
