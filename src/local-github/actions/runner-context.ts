import type { JobFolder } from './run-folder.ts'

/** The `runner` context: this machine. */
export function runnerContext(folder: JobFolder) {
  return {
    name: 'local',
    os: runnerOs(),
    arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
    environment: 'github-hosted',
    temp: folder.temp,
    tool_cache: folder.tools,
    debug: '',
  }
}

/** How GitHub calls this operating system: `Linux`, `macOS` or `Windows`. */
export function runnerOs(): string {
  if (process.platform === 'darwin') return 'macOS'
  return process.platform === 'win32' ? 'Windows' : 'Linux'
}
