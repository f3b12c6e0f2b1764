/** What a command run in the sandbox gave back. `code` is `null` when the command never ended by itself; `reason` is empty when `ok`. */
export type ExecResult = {
  ok: boolean
  code: number | null
  stdout: string
  stderr: string
  reason: string
  ms: number
}

/** Sizes in bytes, `cpu` in seconds; each binds a single process, `processes` counts threads too, `output` is a stream's. */
export type Limits = {
  memory: number
  fileSize: number
  temporary: number
  processes: number
  openFiles: number
  cpu: number
  output: number
}

export type Refusal = { ok: false; reason: string; remedy: string }

export type RunOptions = {
  /** The directory that is writable, as `/repo`; a `.git` in it is not visible. */
  workspace: string
  timeoutMs: number
  signal: AbortSignal
  env?: Record<string, string>
  stdin?: string
  /** Hosts that the command may reach. Not supported yet: anything but an empty list is refused. */
  network?: string[]
  limits?: Partial<Limits>
}

/** `name` is what the process is called in the host's list of processes; `log` is the file that gets its output. */
export type ServiceOptions = { workspace: string; env: Record<string, string>; name: string; log: string }

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

/** `program` is bubblewrap's name on PATH or its path. */
export function createSandbox(_options: { program?: string; limits?: Partial<Limits> } = {}): Sandbox {
  throw new Error('not written yet')
}
