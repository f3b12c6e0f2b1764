import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** `merge-tree --write-tree` came with this version of git. */
const GIT = { major: 2, minor: 38 }

/** What would make a later step fail on this host (PRE-3); empty when the app booted well. The database and GitHub are asked by themselves. */
export async function selfCheck(data: string): Promise<string[]> {
  const faults = await Promise.all([gitFault(), writeFault(data)])
  return faults.filter((fault) => fault !== null)
}

async function gitFault(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'])
    const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(stdout) ?? []).map(Number)
    const old = major < GIT.major || (major === GIT.major && minor < GIT.minor)
    return old ? `${stdout.trim()} is older than ${GIT.major}.${GIT.minor}` : null
  } catch (error) {
    return `git cannot be run (${error instanceof Error ? error.message : String(error)})`
  }
}

async function writeFault(data: string): Promise<string | null> {
  const file = join(data, 'self-check')
  try {
    await writeFile(file, '')
    await rm(file)
    return null
  } catch (error) {
    return `nothing can be written to ${data} (${error instanceof Error ? error.message : String(error)})`
  }
}
