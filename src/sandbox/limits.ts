/**
 * What may be used in the sandbox: sizes in bytes, `cpu` in seconds of computing. `memory`, `fileSize`, `openFiles` and `cpu` are
 * of a single process, `total` is the memory and `disk` the growth of the disk by all of them; `spare` is what must be left of
 * the host's memory. `processes` counts threads too; the kernel does not bind it when the host runs Pawl as root, the watch
 * does. `temporary` is the size of `/tmp`; `output` is kept of each stream.
 */
export type Limits = {
  memory: number
  total: number
  spare: number
  disk: number
  fileSize: number
  temporary: number
  processes: number
  openFiles: number
  cpu: number
  output: number
}

export const LIMITS: Limits = {
  memory: 2 * 1024 ** 3,
  total: 4 * 1024 ** 3,
  spare: 128 * 1024 ** 2,
  disk: 4 * 1024 ** 3,
  fileSize: 1024 ** 3,
  temporary: 1024 ** 3,
  processes: 1024,
  openFiles: 4096,
  cpu: 3600,
  output: 1024 ** 2,
}

/**
 * The command that sets the limits and becomes the real one. It runs inside the sandbox: there the kernel counts only the
 * sandbox's own processes. `data` and not `as`, because Node reserves far more addresses than it uses.
 */
export function limited(limits: Limits, command: string[]): string[] {
  const { memory, fileSize, processes, openFiles, cpu } = limits
  const flags = [
    `data=${memory}`,
    `fsize=${fileSize}`,
    `nproc=${processes}`,
    `nofile=${openFiles}`,
    `cpu=${cpu}`,
    'core=0',
  ]
  return ['/usr/bin/prlimit', ...flags.map((flag) => `--${flag}`), '--', ...command]
}

/** A service runs for weeks and its log grows: time and the size of files do not bind it. */
export function limitedService(limits: Limits, command: string[]): string[] {
  const { memory, processes, openFiles } = limits
  const flags = [`data=${memory}`, `nproc=${processes}`, `nofile=${openFiles}`, 'core=0']
  return ['/usr/bin/prlimit', ...flags.map((flag) => `--${flag}`), '--', ...command]
}
