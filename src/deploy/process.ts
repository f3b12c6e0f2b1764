import type { ProcessSetting } from '../config.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Deployer } from './deployer.ts'

export type ProcessServices = {
  sandbox: Sandbox
  /** Writes the files of a commit into an empty directory, without `.git`. */
  checkOut(sha: string, dir: string): Promise<void>
  /** The directory of this one deployed service: its slots, logs and state. No other service may share it. */
  home: string
  /** How long `prepare` may take, in ms. */
  timeout: number
}

/** Runs the service as a process of this host, in two slots, behind a small front process that holds the public port. */
export function processDeployer(_setting: ProcessSetting, _services: ProcessServices): Deployer {
  throw new Error('not written yet')
}
